namespace Tickets.Api.Cluster;

/// <summary>Registers what looks at JetStream and its nodes.</summary>
internal static class ClusterServices
{
    /// <param name="services">The host's services.</param>
    /// <param name="serves">False for a word of the command line, which looks when it wants to.</param>
    public static IServiceCollection AddCluster(this IServiceCollection services, bool serves)
    {
        services.AddSingleton<NodeReader>().AddSingleton<ClusterReader>();
        return serves ? services.AddHostedService<ClusterWatch>() : services;
    }
}
