using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Tickets.Api.CommandLine;

/// <summary>What a word prints: tables for people, JSON as over HTTP for programs.</summary>
internal static class Printout
{
    // Where nobody looks at it, nothing is to be wrapped.
    private const int WidthOfFiles = 240;

    /// <summary>A table without lines.</summary>
    public static Table TableOf(params string[] columns) => new Table().Border(TableBorder.None).AddColumns(columns);

    /// <summary>Adds a row in which nothing is markup, and nothing steers the terminal.</summary>
    public static void Add(this Table table, params object?[] cells) => table.AddRow(cells.Select(Cell));

    /// <summary>What stands in a cell.</summary>
    public static Text Cell(object? value) => new(Terminal.Plain(Convert.ToString(value, CultureInfo.InvariantCulture) ?? string.Empty));

    /// <summary>Prints a table, or what else there is.</summary>
    public static void Print(IRenderable what)
    {
        if (Console.IsOutputRedirected)
        {
            AnsiConsole.Profile.Width = WidthOfFiles;
        }

        AnsiConsole.Write(what);
    }

    /// <summary>Prints a line that says what is as it should be.</summary>
    public static void Well(string what) => Console.WriteLine($"ok    {Terminal.Plain(what)}");

    /// <summary>Prints a line that says what is not.</summary>
    public static void Fault(string what) => Fault(Console.Out, what);

    /// <summary>As the other, to a writer.</summary>
    public static void Fault(TextWriter to, string what) => to.WriteLine($"FAIL  {Terminal.Plain(what)}");

    /// <summary>Prints JSON in one line.</summary>
    public static void Write(object value, IServiceProvider services) => Write(value, JsonOf(services));

    /// <summary>As the other, after the services are gone.</summary>
    public static void Write(object value, JsonSerializerOptions json) => Console.WriteLine(JsonSerializer.Serialize(value, json));

    /// <summary>How JSON is written.</summary>
    public static JsonSerializerOptions JsonOf(IServiceProvider services) => services.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions;
}
