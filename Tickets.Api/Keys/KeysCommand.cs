using System.Data.Common;
using JasperFx.CommandLine;
using Spectre.Console;
using Tickets.Api.CommandLine;
using Tickets.Handlers.Access;

namespace Tickets.Api.Keys;

/// <summary>
/// <c>keys list|create|revoke</c>: who may come in with an API key. It works on the database alone, beside a service that runs.
/// The exit code is 0 only when what was asked for was done.
/// </summary>
[Description("List, create and revoke API keys; for instance: keys create ada --tenants acme --days 90", Name = "keys")]
public sealed class KeysCommand : OperatorCommand<KeysInput>
{
    /// <summary>Says how it is called.</summary>
    public KeysCommand()
    {
        Usage("List").Arguments(x => x.Action);
        Usage("Create or revoke one").Arguments(x => x.Action, x => x.Subject);
    }

    /// <inheritdoc/>
    protected override bool UsesNats(KeysInput input) => false;

    /// <inheritdoc/>
    protected override async Task<bool> RunAsync(KeysInput input, IHost host)
    {
        var keys = host.Services.GetRequiredService<ApiKeys>();
        return input.Action switch
        {
            KeysAction.list => await ListAsync(input, keys, host.Services),
            KeysAction.create => await CreateAsync(input, keys, host.Services),
            _ => await RevokeAsync(input, keys, host.Services),
        };
    }

    /// <inheritdoc/>
    protected override string DatabaseFault(DbException fault) =>
        $"the database did not do it: {fault.Message.TrimEnd('.')}; './tickets resources setup' makes its tables, and who makes keys must own them";

    private static async Task<bool> ListAsync(KeysInput input, ApiKeys keys, IServiceProvider services)
    {
        var now = DateTimeOffset.UtcNow;
        KeyView[] found = [.. (await keys.ListAsync(CancellationToken.None)).Select(key => KeyView.Of(key, now))];
        if (input.JsonFlag)
        {
            Printout.Write(found, services);
            return true;
        }

        var table = Printout.TableOf("id", "for", "tenants", "scopes", "status", "created", "good until");
        foreach (var key in found)
        {
            table.Add(
                key.Id, key.Name, string.Join(' ', key.Tenants), string.Join(' ', key.Scopes), key.Status, Terminal.TimeOf(key.CreatedAt),
                key.ExpiresAt is { } until ? Terminal.TimeOf(until) : "for ever");
        }

        Printout.Print(found.Length > 0 ? table : new Text($"There are no keys.{Environment.NewLine}"));
        return true;
    }

    private static async Task<bool> CreateAsync(KeysInput input, ApiKeys keys, IServiceProvider services)
    {
        var now = DateTimeOffset.UtcNow;
        var secret = ApiKeySecret.New();
        var key = new ApiKey(
            secret.Id, input.Subject, secret.Hash, input.GivenScopes, input.Tenants, now, input.DaysFlag == 0 ? null : now.AddDays(input.DaysFlag));
        await keys.AddAsync(key, CancellationToken.None);
        if (input.JsonFlag)
        {
            Printout.Write(KeyView.Of(key, now, secret), services);
            return true;
        }

        Printout.Well($"{key.Id} for {key.Name}: {string.Join(' ', key.Scopes)}, tenants {string.Join(' ', key.Tenants)}, good {Until(key)}");
        Console.WriteLine($"      {secret.Reveal()}");
        Console.WriteLine("      This is the only time that it is shown. It is sent as 'Authorization: Bearer …', where AUTH_MODE has api_key.");
        return true;
    }

    private async Task<bool> RevokeAsync(KeysInput input, ApiKeys keys, IServiceProvider services)
    {
        if (!await keys.RevokeAsync(input.Subject, DateTimeOffset.UtcNow, CancellationToken.None))
        {
            return Fail(input, $"there is no key '{input.Subject}' that is not revoked yet; ./tickets keys list shows them");
        }

        if (input.JsonFlag)
        {
            Printout.Write(new { Id = input.Subject, Revoked = true }, services);
        }
        else
        {
            Printout.Well($"{input.Subject}: revoked; every service refuses it within {ApiKeyRing.Freshness.TotalSeconds} seconds");
        }

        return true;
    }

    private static string Until(ApiKey key) => key.ExpiresAt is { } until ? $"until {Terminal.TimeOf(until)}" : "for ever";
}
