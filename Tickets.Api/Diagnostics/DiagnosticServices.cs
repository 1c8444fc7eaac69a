using Tickets.Api.Diagnostics.Doctor;

namespace Tickets.Api.Diagnostics;

/// <summary>What tells how the service and what is around it fare.</summary>
internal static class DiagnosticServices
{
    public static IServiceCollection AddDiagnostics(this IServiceCollection services) =>
        services.AddSingleton<Environs>()
            .AddSingleton<IExamination, ServiceExamination>()
            .AddSingleton<IExamination>(provider => provider.GetRequiredService<Environs>())
            .AddSingleton<IExamination, JetStreamExamination>()
            .AddSingleton<IExamination, StorageExamination>()
            .AddSingleton<IExamination, SettingsExamination>();
}
