namespace Tickets.Api.CommandLine;

/// <summary>The host of a word, as JasperFx's inputs want it: as what builds it.</summary>
internal sealed class BuiltHost(IHost host) : IHostBuilder
{
    /// <inheritdoc/>
    public IDictionary<object, object> Properties { get; } = new Dictionary<object, object>();

    /// <inheritdoc/>
    public IHost Build() => host;

    /// <inheritdoc/>
    public IHostBuilder ConfigureHostConfiguration(Action<IConfigurationBuilder> configureDelegate) => Unchanged();

    /// <inheritdoc/>
    public IHostBuilder ConfigureAppConfiguration(Action<HostBuilderContext, IConfigurationBuilder> configureDelegate) => Unchanged();

    /// <inheritdoc/>
    public IHostBuilder ConfigureServices(Action<HostBuilderContext, IServiceCollection> configureDelegate) => Unchanged();

    /// <inheritdoc/>
    public IHostBuilder ConfigureContainer<TContainerBuilder>(Action<HostBuilderContext, TContainerBuilder> configureDelegate) => Unchanged();

    /// <inheritdoc/>
    public IHostBuilder UseServiceProviderFactory<TContainerBuilder>(IServiceProviderFactory<TContainerBuilder> factory)
        where TContainerBuilder : notnull => Unchanged();

    /// <inheritdoc/>
    public IHostBuilder UseServiceProviderFactory<TContainerBuilder>(Func<HostBuilderContext, IServiceProviderFactory<TContainerBuilder>> factory)
        where TContainerBuilder : notnull => Unchanged();

    // Four inputs that come with the libraries have options that change the host.
    private BuiltHost Unchanged()
    {
        Console.Error.WriteLine("an option that changes the host has no effect: settings are environment variables");
        return this;
    }
}
