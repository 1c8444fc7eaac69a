using System.Reflection;
using Microsoft.AspNetCore.Http.HttpResults;
using Tickets.Api.Routes;
using Tickets.Contracts;

namespace Tickets.Tests.Service;

/// <summary>Bodies of answers are written by generated code.</summary>
public sealed class GeneratedJson
{
    private static readonly Type[] WithBody = [typeof(Ok<>), typeof(Accepted<>)];

    [Fact]
    public void is_there_for_what_each_route_answers()
    {
        var bodies = typeof(ApiJson).Assembly.GetTypes()
            .Where(type => type.Namespace == typeof(ApiJson).Namespace)
            .SelectMany(type => type.GetMethods(BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic))
            .SelectMany(method => BodiesIn(method.ReturnType))
            .Distinct()
            .ToArray();

        bodies.ShouldContain(typeof(TicketList));

        // By a lambda.
        bodies.ShouldContain(typeof(Liveness));
        bodies.Where(body => WireJson.Default.GetTypeInfo(body) is null && ApiJson.Default.GetTypeInfo(body) is null).ShouldBeEmpty();
    }

    // Also those of a task, and of a choice.
    private static IEnumerable<Type> BodiesIn(Type type) => !type.IsGenericType ? []
        : WithBody.Contains(type.GetGenericTypeDefinition()) ? type.GetGenericArguments().Where(body => !body.IsGenericParameter)
        : type.GetGenericArguments().SelectMany(BodiesIn);
}
