using Tickets.Handlers.Access;
using Tickets.Tests.Storage;

namespace Tickets.Tests.Security;

/// <summary>What API keys cost.</summary>
public sealed class KeyRingTests : IAsyncLifetime
{
    private TestStorage _storage = null!;
    private CountingDatabase _counting = null!;
    private ApiKeyRing _ring = null!;

    public async ValueTask InitializeAsync()
    {
        _storage = await TestStorage.CreateAsync(StorageKind.Sqlite);
        _counting = new CountingDatabase(_storage.Database);
        _ring = new ApiKeyRing(new ApiKeys(_counting), TimeProvider.System);
    }

    [Fact]
    public async Task a_key_costs_no_query_for_each_request()
    {
        var secret = await AddAsync();
        (await _ring.FindAsync(secret)).ShouldNotBeNull();

        for (var i = 0; i < 1000; i++)
        {
            (await _ring.FindAsync(secret)).ShouldNotBeNull();
        }

        _counting.Looks.ShouldBeLessThan(5);
    }

    [Fact]
    public async Task a_new_key_is_good_at_once_and_any_number_of_made_up_ones_wait_for_one_look()
    {
        (await _ring.FindAsync(await AddAsync())).ShouldNotBeNull();
        (await _ring.FindAsync(await AddAsync())).ShouldNotBeNull();

        var found = await Task.WhenAll(Enumerable.Range(0, 5000).Select(_ => _ring.FindAsync(ApiKeySecret.New()).AsTask()));

        found.ShouldAllBe(key => key == null);
        _counting.Looks.ShouldBeLessThan(10);
    }

    [Fact]
    public void a_secret_is_not_shown_by_chance()
    {
        var secret = ApiKeySecret.New();

        $"{secret}".ShouldBe($"tkt_{secret.Id}_***");
        ApiKeySecret.TryParse(secret.Reveal(), out var read).ShouldBeTrue();
        read.Secret.ShouldBe(secret.Secret);
    }

    public ValueTask DisposeAsync() => _storage.DisposeAsync();

    private async Task<ApiKeySecret> AddAsync()
    {
        var secret = ApiKeySecret.New();
        await new ApiKeys(_storage.Database).AddAsync(
            new ApiKey(secret.Id, "ada", secret.Hash, ["tickets:read"], ["acme"], DateTimeOffset.UtcNow, null), CancellationToken.None);
        return secret;
    }
}
