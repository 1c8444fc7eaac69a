using System.Data.Common;
using System.Text.Json;
using JasperFx.CommandLine;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;
using Spectre.Console;
using Tickets.Api.Diagnostics;
using Tickets.Handlers.Access;

namespace Tickets.Api.Keys;

/// <summary>
/// <c>keys list|create|revoke</c>: who may come in with an API key. It works on the database alone, beside a service that runs.
/// The exit code is 0 only when what was asked for was done.
/// </summary>
[Description("List, create and revoke API keys", Name = "keys")]
public sealed class KeysCommand : JasperFxAsyncCommand<KeysInput>
{
    private const int WidthOfFiles = 240;

    /// <summary>Says how it is called.</summary>
    public KeysCommand()
    {
        Usage("List").Arguments(x => x.Action);
        Usage("Create or revoke one").Arguments(x => x.Action, x => x.Subject);
    }

    /// <inheritdoc/>
    public override async Task<bool> Execute(KeysInput input)
    {
        if (input.Fault() is { } fault)
        {
            return Fail(input, fault);
        }

        using var host = input.BuildHost();
        try
        {
            var keys = host.Services.GetRequiredService<ApiKeys>();
            return input.Action switch
            {
                KeysAction.list => await ListAsync(input, keys, host.Services),
                KeysAction.create => await CreateAsync(input, keys, host.Services),
                _ => await RevokeAsync(input, keys),
            };
        }
        catch (DbException e)
        {
            return Fail(input, $"the database did not do it: {e.Message}; './tickets resources setup' makes its tables, and who makes keys must own them");
        }
    }

    private static async Task<bool> ListAsync(KeysInput input, ApiKeys keys, IServiceProvider services)
    {
        var now = DateTimeOffset.UtcNow;
        KeyView[] found = [.. (await keys.ListAsync(CancellationToken.None)).Select(key => KeyView.Of(key, now))];
        if (input.JsonFlag)
        {
            Write(found, services);
            return true;
        }

        var table = new Table().Border(TableBorder.None).AddColumns("id", "for", "tenants", "scopes", "status", "created", "good until");
        foreach (var key in found)
        {
            table.AddRow([.. new[]
            {
                key.Id, key.Name, string.Join(' ', key.Tenants), string.Join(' ', key.Scopes), key.Status, Terminal.TimeOf(key.CreatedAt),
                key.ExpiresAt is { } until ? Terminal.TimeOf(until) : "for ever",
            }.Select(text => new Text(Terminal.Plain(text)))]);
        }

        if (Console.IsOutputRedirected)
        {
            AnsiConsole.Profile.Width = WidthOfFiles;
        }

        AnsiConsole.Write(found.Length > 0 ? table : new Text($"There are no keys.{Environment.NewLine}"));
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
            Write(KeyView.Of(key, now, secret), services);
            return true;
        }

        Console.WriteLine($"ok    {key.Id} for {key.Name}: {string.Join(' ', key.Scopes)}, tenants {string.Join(' ', key.Tenants)}, good {Until(key)}");
        Console.WriteLine($"      {secret.Reveal()}");
        Console.WriteLine("      This is the only time that it is shown. It is sent as 'Authorization: Bearer …', where AUTH_MODE has api_key.");
        return true;
    }

    private static async Task<bool> RevokeAsync(KeysInput input, ApiKeys keys)
    {
        if (!await keys.RevokeAsync(input.Subject, DateTimeOffset.UtcNow, CancellationToken.None))
        {
            return Fail(input, $"there is no key '{Terminal.Plain(input.Subject)}' that is not revoked yet; ./tickets keys list shows them");
        }

        Console.WriteLine(input.JsonFlag
            ? JsonSerializer.Serialize(new { id = input.Subject, revoked = true })
            : $"ok    {input.Subject}: revoked; every service refuses it within {ApiKeyRing.Freshness.TotalSeconds} seconds");
        return true;
    }

    private static string Until(ApiKey key) => key.ExpiresAt is { } until ? $"until {Terminal.TimeOf(until)}" : "for ever";

    private static bool Fail(KeysInput input, string fault)
    {
        (input.JsonFlag ? Console.Error : Console.Out).WriteLine($"FAIL  {fault}");
        return false;
    }

    private static void Write(object value, IServiceProvider services) =>
        Console.WriteLine(JsonSerializer.Serialize(value, services.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions));
}
