using JasperFx.CommandLine;
using Wolverine.Runtime;

namespace Tickets.Api.CommandLine.Framework;

/// <summary><c>describe</c>: JasperFx's word, which has no JSON.</summary>
[Description("Tell what the service consists of; for instance: describe --json", Name = "describe")]
public sealed class DescribeCommand : OperatorCommand<DescribeInput>
{
    private readonly JasperFx.CommandLine.Descriptions.DescribeCommand _theirs = new();

    /// <inheritdoc/>
    protected override bool UsesNats(DescribeInput input) => false;

    /// <inheritdoc/>
    protected override async Task<bool> RunAsync(DescribeInput input, IHost host)
    {
        if (!input.JsonFlag)
        {
            return await _theirs.Execute(input);
        }

        var description = new ServiceDescription(host.Services.GetRequiredService<IWolverineRuntime>(), host.Services);
        Printout.Write(await description.ReadAsync(), host.Services);
        return true;
    }
}
