using JasperFx.CodeGeneration;
using JasperFx.CodeGeneration.Commands;
using JasperFx.CodeGeneration.Model;
using JasperFx.CommandLine;

namespace Tickets.Api.CommandLine.Framework;

/// <summary><c>codegen</c>: JasperFx's word, which has no JSON.</summary>
[Description("Show, write, delete or try to compile the code around the handlers; for instance: codegen preview --json", Name = "codegen")]
public sealed class CodegenCommand : OperatorCommand<CodegenInput>
{
    private readonly GenerateCodeCommand _theirs = new();

    /// <summary>Says how it is called.</summary>
    public CodegenCommand()
    {
        Usage("Show it").NoArguments();
        Usage("All actions").Arguments(x => x.Action);
    }

    /// <inheritdoc/>
    protected override bool UsesNats(CodegenInput input) => false;

    /// <inheritdoc/>
    protected override async Task<bool> RunAsync(CodegenInput input, IHost host) => input.JsonFlag ? await WriteAsync(input, host) : _theirs.Execute(input);

    private static async Task<bool> WriteAsync(CodegenInput input, IHost host)
    {
        // As theirs: the host does less while code is generated.
        DynamicCodeBuilder.WithinCodegenCommand = true;
        if (input.StartFlag)
        {
            await host.StartAsync();
        }

        var builder = new DynamicCodeBuilder(host.Services, [.. host.Services.GetServices<ICodeFileCollection>()])
        {
            ServiceVariableSource = host.Services.GetService<IServiceVariableSource>(),
            Language = input.LanguageFlag,
        };
        var (report, _) = await Overhearing.RunAsync(() => Task.FromResult(new CodegenWork(builder, host.Services).Do(input.Action, input.TypeFlag)));
        DynamicCodeBuilder.WithinCodegenCommand = true;
        Printout.Write(report, host.Services);
        return report.Ok;
    }
}
