namespace Tickets.Api.Diagnostics;

/// <summary>What tells how the service and what is around it fare.</summary>
internal static class DiagnosticServices
{
    public static IServiceCollection AddDiagnostics(this IServiceCollection services) =>
        services.AddSingleton<Environs>();
}
