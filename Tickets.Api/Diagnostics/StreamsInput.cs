using JasperFx.CommandLine;
using Tickets.Api.CommandLine;

namespace Tickets.Api.Diagnostics;

/// <summary>What <c>streams</c> is to do.</summary>
public sealed class StreamsInput : OperatorInput
{
    /// <summary>What to do.</summary>
    [Description("list: what is in them | diff: how they and their consumers differ from what is declared | export: write their configuration into files")]
    public StreamsAction Action { get; set; }

    /// <summary>Where the files go; for the others nothing.</summary>
    [Description("export: the folder for the files")]
    public string Folder { get; set; } = string.Empty;

    /// <inheritdoc/>
    public override string? Fault() =>
        Action == StreamsAction.export && Folder.Length == 0 ? "say where to: ./tickets streams export FOLDER"
        : Action != StreamsAction.export && Folder.Length > 0 ? $"'{Action}' takes nothing more: ./tickets streams {Action}"
        : null;
}
