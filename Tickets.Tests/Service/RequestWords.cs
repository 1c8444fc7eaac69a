using Tickets.Api.Routes;
using Tickets.Contracts;

namespace Tickets.Tests.Service;

/// <summary>Enumerations in what others send: by themselves they would be read as flags, in any case.</summary>
public sealed class RequestWords
{
    [Fact]
    public void every_enumeration_of_a_command_is_read_by_its_exact_words()
    {
        var enumerations = WireNames.Verbs.Keys.SelectMany(command => RequestJson.Of(command).Properties).Select(member => Held(member.PropertyType))
            .Where(type => type.IsEnum).Distinct().ToArray();

        enumerations.ShouldBe([typeof(TicketPriority), typeof(TicketStatus)], ignoreOrder: true);
        enumerations.ShouldAllBe(type => RequestJson.Of(type).Converter.GetType() == typeof(ExactWord<>).MakeGenericType(type));
    }

    private static Type Held(Type type) => type.IsGenericType ? Held(type.GetGenericArguments()[0]) : type;
}
