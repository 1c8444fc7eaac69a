namespace Tickets.Api.CommandLine;

/// <summary>What is different when a word of the command line runs and not the service.</summary>
internal static class Words
{
    /// <summary>
    /// Keeps what the process was given from <c>describe</c>, which prints all of it: environment variables hold secrets, also of
    /// programs that have nothing to do with this one. The settings are read already.
    /// </summary>
    public static void HideConfiguration(this WebApplicationBuilder builder) =>
        builder.Services.AddSingleton<IConfiguration>(new ConfigurationBuilder().Build());
}
