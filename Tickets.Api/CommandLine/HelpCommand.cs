using System.Text.Json;
using JasperFx.CommandLine;
using JasperFx.CommandLine.Help;

namespace Tickets.Api.CommandLine;

/// <summary><c>help</c>: JasperFx's word, which fails when it is asked how another is called, and tells of other programs.</summary>
[Description("List all words, or tell how one is called; for instance: help send", Name = "help")]
public sealed class HelpCommand : JasperFxCommand<HelpInput>
{
    private const string Program = "./tickets";

    /// <summary>Whether somebody wants to know, and has not called a word in a way that it does not know. Default true.</summary>
    public bool IsAskedFor { get; init; } = true;

    /// <inheritdoc/>
    public override bool Execute(HelpInput input)
    {
        if (input.Usage is { } usage)
        {
            usage.WriteUsages(Program);
            return IsAskedFor;
        }

        (string Name, string Description)[] words =
        [
            .. input.CommandTypes.Select(type => (CommandFactory.CommandNameFor(type), CommandFactory.DescriptionFor(type)))
                .Append((Serving.Word, Serving.Description)).OrderBy(word => word.Item1, StringComparer.Ordinal),
        ];
        if (input.InvalidCommandName)
        {
            words = Array.FindAll(words, word => word.Name == input.Name);
        }

        if (words is [])
        {
            Printout.Fault(Console.Error, WordFactory.Unknown(input.Name, input.CommandTypes));
            return false;
        }

        Write(words, input.JsonFlag);
        return true;
    }

    private static void Write((string Name, string Description)[] words, bool asJson)
    {
        if (asJson)
        {
            Console.WriteLine(JsonSerializer.Serialize(words.Select(word => new { name = word.Name, description = word.Description })));
            return;
        }

        var table = Printout.TableOf("word", "what it does");
        Array.ForEach(words, word => table.Add(word.Name, word.Description));
        Printout.Print(table);
        Console.WriteLine($"{Program} help WORD tells how it is called.");
    }
}
