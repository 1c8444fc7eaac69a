namespace Tickets.Api.DeadLetters;

/// <summary>Registers what operators handle dead letters with.</summary>
internal static class DeadLetterServices
{
    public static IServiceCollection AddDeadLetters(this IServiceCollection services) => services
        .AddSingleton<LetterStream>()
        .AddSingleton<LetterSearches>()
        .AddSingleton<Relapses>()
        .AddSingleton<ReplayNotes>()
        .AddSingleton<ReplaySender>()
        .AddSingleton<FirstCommands>()
        .AddSingleton<ForgottenLetters>()
        .AddSingleton<CommandFates>()
        .AddSingleton<NotificationFates>()
        .AddSingleton<LetterFates>()
        .AddSingleton<DeadLetterDesk>();
}
