using Tickets.Faults.Load;

namespace Tickets.Tests.Faults;

public sealed class LoadMixTests
{
    // Numbers that were once printed by another process: a seed is of use only while it means the same everywhere.
    [Fact]
    public void the_same_seed_makes_the_same_load_in_every_process()
    {
        var mix = new LoadMix(seed: 7);
        Enumerable.Range(0, 8).Select(_ => mix.Next()).Select(command => $"{command.Key} {(command.OverNats ? "NATS" : "HTTP")}")
            .ShouldBe(["umbrella 0 NATS", "acme 1 NATS", "umbrella 2 HTTP", "umbrella 3 HTTP", "initech 4 NATS", "umbrella 5 NATS", "globex 6 HTTP", "acme 7 HTTP"]);
    }

    [Fact]
    public void a_ticket_whose_creation_was_answered_twice_is_deleted_once()
    {
        var mix = new LoadMix(seed: 7);
        foreach (var creation in Enumerable.Range(0, 200).Select(number => new LoadCommand(number, LoadMix.Tenants[number % 4], CommandKind.Create, OverNats: false)))
        {
            mix.Created(creation, $"ticket {creation.Number}");
            mix.Created(creation, $"ticket {creation.Number}");
        }

        var deleted = Enumerable.Range(0, 4000).Select(_ => mix.Next()).Where(command => command.Kind == CommandKind.Delete).Select(command => command.TicketId).ToList();
        deleted.Count.ShouldBeGreaterThan(10);
        deleted.ShouldBeUnique();
        deleted.Select(ticket => mix.RandomOf(int.Parse(ticket!.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture), "fate").Next(10)).ShouldAllBe(fate => fate == 0);
    }
}
