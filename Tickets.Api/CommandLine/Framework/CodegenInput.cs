using JasperFx.CodeGeneration;
using JasperFx.CodeGeneration.Commands;
using JasperFx.CommandLine;

namespace Tickets.Api.CommandLine.Framework;

/// <summary>What <c>codegen</c> is to do: JasperFx's own, and how it is printed.</summary>
public sealed class CodegenInput : GenerateCodeInput, IOperatorInput
{
    /// <inheritdoc/>
    [Description("print the files, and what is in them, as JSON")]
    public bool JsonFlag { get; set; }

    /// <inheritdoc/>
    public string? Fault() =>
        LanguageFlag == CodegenLanguage.fsharp && Action == CodeAction.test ? "'test' compiles C# alone; 'write' and 'preview' make F# as well" : null;
}
