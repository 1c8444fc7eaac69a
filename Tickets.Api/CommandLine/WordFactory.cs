using JasperFx.CommandLine;
using Tickets.Api.Composition;

namespace Tickets.Api.CommandLine;

/// <summary>The words of the command line: this program's alone.</summary>
/// <remarks>
/// JasperFx by itself looks through every library for more, and finds those for event stores and for tables of other kinds, which are not here.
/// </remarks>
internal sealed class WordFactory : CommandFactory
{
    private const int LargestDistance = 2;
    private static readonly string[] Help = ["help", "?"];

    private readonly bool _helpIsAskedFor;

    private WordFactory(IHost host, string word)
    {
        _helpIsAskedFor = Help.Contains(word);
        RegisterCommands(typeof(WordFactory).Assembly);
        ConfigureRun = run =>
        {
            if (run.Input is IHostBuilderInput input)
            {
                input.HostBuilder = new BuiltHost(host);
            }
        };
    }

    /// <summary>Does what a word asks for.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(IHost host, string[] args)
    {
        var factory = new WordFactory(host, args[0]);
        try
        {
            return factory.Fault(args[0]) is { } fault ? Fail(fault) : await new CommandExecutor(factory).ExecuteAsync(args);
        }
        catch (InvalidUsageException e)
        {
            return Fail($"{e.Message.TrimEnd('.')}; 'help' takes a word, and tells how it is called");
        }
    }

    /// <summary>Tells how a word is called, to who asks and to who has called it in another way.</summary>
    public override CommandRun HelpRun(Queue<string> queue) =>
        new() { Command = new HelpCommand { IsAskedFor = _helpIsAskedFor }, Input = base.HelpRun(queue).Input };

    /// <summary>What is wrong with a word that is none of these commands.</summary>
    public static string Unknown(string word, IEnumerable<Type> commands)
    {
        var nearest = Spelling.Nearest(word, commands.Select(CommandNameFor).Append(Serving.Word), LargestDistance);
        return $"there is no word '{word}'{(nearest is null ? string.Empty : $"; perhaps '{nearest}' is meant")}; ./tickets list shows all of them";
    }

    private string? Fault(string word) =>
        Help.Contains(word) || AllCommandTypes().Any(type => CommandNameFor(type) == word) ? null : Unknown(word, AllCommandTypes());

    private static int Fail(string fault)
    {
        Printout.Fault(Console.Error, fault);
        return 1;
    }
}
