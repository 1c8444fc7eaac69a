using PublicApiGenerator;

namespace Wolverine.Nats.Tests.PublicApi;

/// <summary>
/// What users can call changes only on purpose: a change is approved by copying the received file, which stands in the
/// tests' output folder, over the approved one beside this class.
/// </summary>
public sealed class PublicApiTests
{
    [Theory]
    [InlineData(typeof(NatsTransport))]
    [InlineData(typeof(NATS.NKeys.KeyPair))]
    public void the_public_api_is_the_approved_one(Type inAssembly)
    {
        var name = inAssembly.Assembly.GetName().Name!;
        var options = new ApiGeneratorOptions { IncludeAssemblyAttributes = false };
        var received = inAssembly.Assembly.GeneratePublicApi(options).ReplaceLineEndings("\n") + "\n";
        File.WriteAllText(FileOf(name, "received"), received);

        received.ShouldBe(File.ReadAllText(FileOf(name, "approved")), FileOf(name, "received"));
    }

    private static string FileOf(string name, string state) =>
        Path.Combine(AppContext.BaseDirectory, "PublicApi", $"{name}.{state}.txt");
}
