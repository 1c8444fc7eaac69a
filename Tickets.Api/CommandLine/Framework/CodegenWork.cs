using JasperFx.CodeGeneration;
using JasperFx.CodeGeneration.Commands;
using JasperFx.Core;
using Wolverine.Runtime.Handlers;

namespace Tickets.Api.CommandLine.Framework;

/// <summary>Does what <c>codegen</c> is asked for, and tells it as data.</summary>
internal sealed class CodegenWork(DynamicCodeBuilder builder, IServiceProvider services)
{
    public CodegenReport Do(CodeAction action, string? type)
    {
        var report = new CodegenReport(action.ToString(), Ok: true);
        try
        {
            return action switch
            {
                CodeAction.preview => Preview(report, type),
                CodeAction.write => Write(report),
                CodeAction.delete => Delete(report),
                _ => Compile(report),
            };
        }
#pragma warning disable CA1031 // Code that can't be made or compiled throws what it throws.
        catch (Exception e)
#pragma warning restore CA1031
        {
            return report with { Ok = false, Fault = (e.InnerException ?? e).Message };
        }
    }

    private CodegenReport Preview(CodegenReport report, string? type)
    {
        if (type.IsEmpty())
        {
            return report with { Files = FilesOf(builder.Collections), Code = builder.GenerateAllCode() };
        }

        return Array.Find(builder.Collections, collection => collection.ChildNamespace.EqualsIgnoreCase(type)) is { } wanted
            ? report with { Files = FilesOf([wanted]), Code = builder.GenerateCodeFor(type) }
            : report with { Ok = false, Fault = $"--type is one of {string.Join(", ", builder.ChildNamespaces.Distinct())}" };
    }

    private CodegenReport Write(CodegenReport report)
    {
        builder.WriteGeneratedCode(_ => { });
        return report with { Files = FilesOf(builder.Collections), Folders = Folders() };
    }

    private CodegenReport Delete(CodegenReport report)
    {
        builder.DeleteAllGeneratedCode();
        return report with { Folders = Folders() };
    }

    private CodegenReport Compile(CodegenReport report)
    {
        builder.TryBuildAndCompileAll((code, variables) => services.GetRequiredService<IAssemblyGenerator>().Compile(code, variables));
        return report with { Files = FilesOf(builder.Collections) };
    }

    private static GeneratedFile[] FilesOf(IEnumerable<ICodeFileCollection> collections) =>
        [.. collections.SelectMany(collection => collection.BuildFiles().Select(file =>
            new GeneratedFile(collection.ChildNamespace, file.FileName.Replace(' ', '_'), (file as HandlerChain)?.MessageType.FullName)))];

    private string[] Folders() => [.. builder.Collections.Select(collection => Path.GetFullPath(collection.Rules.GeneratedCodeOutputPath)).Distinct()];
}
