using JasperFx.CommandLine;
using JasperFx.Resources;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Tickets.Api.CommandLine.Framework;

/// <summary><c>resources</c>: JasperFx's word, which has no JSON and removes without asking.</summary>
[Description("List, check, make, empty or remove what the service stands on; for instance: resources check --json", Name = "resources")]
public sealed class ResourcesCommand : OperatorCommand<ResourcesInput>
{
    private const int WidthOfStatus = 240;
    private readonly JasperFx.Resources.ResourcesCommand _theirs = new();

    /// <summary>Says how it is called.</summary>
    public ResourcesCommand()
    {
        Usage("Make all that is missing").NoArguments();
        Usage("Do something with all of them").Arguments(x => x.Action);
    }

    /// <inheritdoc/>
    protected override bool UsesNats(ResourcesInput input) => false;

    /// <inheritdoc/>
    protected override async Task<bool> RunAsync(ResourcesInput input, IHost host)
    {
        if (input.Action is ResourceAction.clear or ResourceAction.teardown
            && await Consent.RefusalAsync("Remove what the streams hold and what waits in the database for good?", input.YesFlag, input.JsonFlag) is { } refusal)
        {
            return Fail(input, refusal);
        }

        return input.JsonFlag ? await WriteAsync(input, host) : await _theirs.Execute(input);
    }

    private async Task<bool> WriteAsync(ResourcesInput input, IHost host)
    {
        List<ResourceReport> reports = [];
        foreach (var resource in await _theirs.FindResources(input, host))
        {
            reports.Add(await ReportAsync(resource, input.Action, input.TokenSource.Token));
        }

        Printout.Write(reports, host.Services);
        return reports.TrueForAll(report => report.Ok is not false);
    }

    private static async Task<ResourceReport> ReportAsync(IStatefulResource resource, ResourceAction action, CancellationToken limit)
    {
        var report = new ResourceReport(resource.Type, resource.Name, resource.SubjectUri, resource.ResourceUri);
        try
        {
            limit.ThrowIfCancellationRequested();
            return action == ResourceAction.list ? report : report with { Ok = true, Status = await DoAsync(resource, action, limit) };
        }
#pragma warning disable CA1031 // What is wrong with a resource it says by throwing anything.
        catch (Exception e)
#pragma warning restore CA1031
        {
            return report with { Ok = false, Fault = e.Message };
        }
    }

    private static async Task<string?> DoAsync(IStatefulResource resource, ResourceAction action, CancellationToken limit)
    {
        var work = action switch
        {
            ResourceAction.setup => resource.Setup(limit),
            ResourceAction.check => resource.Check(limit),
            ResourceAction.clear => resource.ClearState(limit),
            ResourceAction.teardown => resource.Teardown(limit),
            _ => Task.CompletedTask,
        };
        await work;
        return action is ResourceAction.setup or ResourceAction.statistics ? TextOf(await resource.DetermineStatus(limit)) : null;
    }

    private static string TextOf(IRenderable status)
    {
        using var text = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors, Out = new AnsiConsoleOutput(text) });
        console.Profile.Width = WidthOfStatus;
        console.Write(status);
        return text.ToString().Trim();
    }
}
