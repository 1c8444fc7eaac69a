namespace Tickets.Api.Composition;

/// <summary>Tells a person where things are and what to try first.</summary>
internal static class Welcome
{
    public static void Print(IServiceProvider services)
    {
        var options = services.GetRequiredService<ServiceOptions>();
        var address = options.LocalAddress.GetLeftPart(UriPartial.Authority);
        Console.WriteLine($$"""

            Tickets is ready.
              HTTP      {{address}}{{(options.Does(ServiceRole.Api) ? "/api/v1/tickets" : "/health/ready")}}
              NATS      {{services.GetRequiredService<Wolverine.Runtime.IWolverineRuntime>().Options.DescribeNats()}}
              database  {{options.Storage}}
            """);
        Console.WriteLine(options.Does(ServiceRole.Api) ? $$"""

            Try it:
              curl -i {{address}}/api/v1/tickets -H 'Content-Type: application/json' {{(options.Access.IsRequired ? "-H 'Authorization: Bearer …'" : $"-H '{options.TenantHeader}: acme'")}} -d '{"title": "Printer on fire", "created_by": "ada"}'

            """ : string.Empty);
    }

    private static string? DescribeNats(this Wolverine.WolverineOptions options) =>
        Wolverine.Nats.NatsTransportExtensions.NatsTransport(options).DescribeEndpoint();
}
