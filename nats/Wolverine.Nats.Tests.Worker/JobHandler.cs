namespace Wolverine.Nats.Tests.Worker;

/// <summary>Says on the console when it begins and when it has finished.</summary>
public static class JobHandler
{
    public static async Task Handle(Job job)
    {
        Console.WriteLine($"begun {job.Number}");
        await Task.Delay(200);
        Console.WriteLine($"finished {job.Number}");
    }
}
