using System.Reflection;
using Microsoft.Extensions.Logging;
using NATS.NKeys;
using Tickets.Api.Composition;
using Tickets.Contracts;
using Tickets.Handlers;
using Tickets.Tests.Fixtures;
using Wolverine.Nats;

namespace Tickets.Tests;

/// <summary>Who may know whom.</summary>
public class ArchitectureTests
{
    private static readonly Assembly Contracts = typeof(Ticket).Assembly;
    private static readonly Assembly Handlers = typeof(CreateTicketHandler).Assembly;
    private static readonly Assembly Transport = typeof(NatsTransport).Assembly;

    [Fact]
    public void contracts_reference_nothing_but_the_framework() =>
        References(Contracts).ShouldAllBe(name => name.StartsWith("System", StringComparison.Ordinal));

    [Fact]
    public void the_transport_knows_nothing_of_tickets() =>
        References(Transport).ShouldNotContain(name => name.StartsWith("Tickets", StringComparison.Ordinal));

    [Fact]
    public void no_project_under_nats_and_no_source_of_it_names_one_of_ours()
    {
        var folder = Path.Combine(Repository.Root, "nats");
        var files = SourcesUnder(folder).Concat(Directory.GetFiles(folder, "*.csproj", SearchOption.AllDirectories)).ToArray();
        files.ShouldContain(file => file.EndsWith(".csproj", StringComparison.Ordinal));
        foreach (var file in files)
        {
            File.ReadAllText(file).ShouldNotContain("Tickets.", Case.Sensitive, file);
        }
    }

    [Fact]
    public void the_keys_know_neither_the_transport_nor_tickets() =>
        References(typeof(KeyPair).Assembly).ShouldNotContain(name =>
            name.StartsWith("Tickets", StringComparison.Ordinal) || name.StartsWith("Wolverine", StringComparison.Ordinal));

    // Who looks a line of the log up by its id must find one.
    [Fact]
    public void no_two_lines_of_the_log_have_one_id()
    {
        var lines = new[] { typeof(ServiceOptions).Assembly, Handlers, Transport }.SelectMany(assembly => assembly.GetTypes())
            .SelectMany(type => type.GetMethods(BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
            .Select(method => (Id: method.GetCustomAttribute<LoggerMessageAttribute>()?.EventId, Name: $"{method.DeclaringType}.{method.Name}"))
            .Where(line => line.Id is not null).ToArray();

        lines.Length.ShouldBeGreaterThan(20);
        lines.GroupBy(line => line.Id).Where(group => group.Count() > 1).SelectMany(group => group).ShouldBeEmpty();
    }

    [Fact]
    public void handlers_know_neither_the_host_nor_the_transport() =>
        References(Handlers).ShouldNotContain(name => name == "Tickets.Api" || name == "Wolverine.Nats"
            || name.StartsWith("NATS", StringComparison.Ordinal) || name.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal));

    [Fact]
    public void the_storage_knows_nothing_of_tickets()
    {
        var files = Directory.GetFiles(Path.Combine(Repository.Root, "Tickets.Handlers", "Storage"), "*.cs", SearchOption.AllDirectories);
        files.ShouldNotBeEmpty();
        foreach (var file in files)
        {
            File.ReadLines(file).ShouldNotContain(
                line => line.StartsWith("using Tickets.", StringComparison.Ordinal) && !line.StartsWith("using Tickets.Handlers.Storage", StringComparison.Ordinal),
                file);
        }
    }

    [Fact]
    public void no_source_file_is_longer_than_it_may_be()
    {
        foreach (var file in SourcesUnder(Repository.Root))
        {
            File.ReadLines(file).Count().ShouldBeLessThanOrEqualTo(file.Contains(".Tests/", StringComparison.Ordinal) ? 400 : 300, file);
        }
    }

    private static IEnumerable<string> SourcesUnder(string folder) => Directory.GetFiles(folder, "*.cs", SearchOption.AllDirectories)
        .Where(file => !file.Contains("/obj/", StringComparison.Ordinal) && !file.Contains("/bin/", StringComparison.Ordinal));

    private static IEnumerable<string> References(Assembly assembly) => assembly.GetReferencedAssemblies().Select(x => x.Name!);
}
