using NATS.NKeys;
using NatsServers;
using Tickets.Api.Composition;

namespace Tickets.Tests.Security;

/// <summary>How NATS is reached, as the environment says it.</summary>
public sealed class NatsSettingsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly CertificateAuthority _authority = new();

    [Theory]
    [InlineData("nats://127.0.0.1:4222", false)]
    [InlineData("nats://localhost:4222,nats://[::1]:4223", false)]
    [InlineData("nats://10.0.0.7:4222", true)]
    [InlineData("nats://127.0.0.1:4222,nats://nats.example.com:4222", true)]
    [InlineData("nats://127.0.0.1.example.com:4222", true)]
    public void tls_is_required_off_loopback(string url, bool required) => Read(("NATS_URL", url)).Tls.IsRequired.ShouldBe(required);

    [Fact]
    public void plaintext_off_loopback_is_asked_for_by_name_and_tls_on_loopback_too()
    {
        Read(("NATS_URL", "nats://10.0.0.7:4222"), ("NATS_ALLOW_PLAINTEXT", "true")).Tls.IsRequired.ShouldBeFalse();
        Read(("NATS_TLS", "true")).Tls.IsRequired.ShouldBeTrue();
        Read(("NATS_TLS_CA_FILE", _authority.CaFile)).Tls.IsRequired.ShouldBeTrue();
    }

    [Fact]
    public void nothing_turns_the_verification_of_certificates_off() =>
        typeof(NatsTls).GetProperties().Select(property => property.Name).ShouldBe(["IsRequired", "AuthorityFile", "CertificateFile", "KeyFile"]);

    [Fact]
    public void a_login_that_can_not_be_used_is_told_in_one_line()
    {
        Fault(("NATS_TOKEN", "t"), ("NATS_USER", "u"), ("NATS_PASSWORD", "p")).ShouldBe("NATS_TOKEN is '***': NATS_USER is a login too; keep one of them.");
        Fault(("NATS_URL", "nats://u:p@127.0.0.1"), ("NATS_TOKEN", "t")).ShouldBe("NATS_TOKEN is '***': NATS_URL is a login too; keep one of them.");
        Fault(("NATS_USER", "u")).ShouldStartWith("NATS_PASSWORD is ''");
        Fault(("NATS_PASSWORD", "p")).ShouldBe("NATS_USER is '': write whose NATS_PASSWORD it is.");
        Fault(("NATS_PASSWORD_FILE", "/nowhere"), ("NATS_USER", "u")).ShouldStartWith("NATS_PASSWORD_FILE is '/nowhere': write the path of a file that can be read");
        Fault(("NATS_NKEY_FILE", "/nowhere")).ShouldStartWith("NATS_NKEY_FILE is '/nowhere'");
        Fault(("NATS_NKEY", "SUABC")).ShouldBe("NATS_NKEY is '***': it has no seed of a user's NKey, a line that begins with SU.");
        Fault(("NATS_CREDS", "nothing")).ShouldStartWith("NATS_CREDS is '***': it has no JWT of a user");
        Fault(("NATS_INBOX_PREFIX", "ticket.commands.acme")).ShouldStartWith("NATS_INBOX_PREFIX is 'ticket.commands.acme'");
        Fault(("NATS_INBOX_PREFIX", $"_INBOX.{new string('x', 200)}")).ShouldEndWith("such as _INBOX.tickets, up to 155 characters in all.");
        Fault(("NATS_PROVISION", "yes")).ShouldBe("NATS_PROVISION is 'yes': write true or false.");
    }

    [Fact]
    public void a_certificate_that_can_not_be_used_is_told_in_one_line()
    {
        var (certificate, key) = _authority.Issue("client");
        var (expired, expiredKey) = _authority.Issue("expired", hasExpired: true);
        File.WriteAllText(_folder.File("empty.pem"), "nothing");

        Fault(("NATS_TLS_CA_FILE", "/nowhere")).ShouldStartWith("NATS_TLS_CA_FILE is '/nowhere': write the path of a PEM file that can be read");
        Fault(("NATS_TLS_CA_FILE", _folder.File("empty.pem"))).ShouldEndWith("write the path of a PEM file with a certificate.");
        Fault(("NATS_TLS_CERT_FILE", certificate)).ShouldBe("NATS_TLS_KEY_FILE is '': NATS_TLS_CERT_FILE and NATS_TLS_KEY_FILE go together; write both.");
        Fault(("NATS_TLS_CERT_FILE", certificate), ("NATS_TLS_KEY_FILE", expiredKey)).ShouldStartWith($"NATS_TLS_CERT_FILE is '{certificate}'");
        Fault(("NATS_TLS_CERT_FILE", expired), ("NATS_TLS_KEY_FILE", expiredKey)).ShouldContain("its certificate has expired at ");
        Fault(("NATS_TLS_CERT_FILE", certificate), ("NATS_TLS_KEY_FILE", key), ("NATS_ALLOW_PLAINTEXT", "true")).ShouldStartWith("NATS_ALLOW_PLAINTEXT is 'true': it contradicts");
    }

    [Fact]
    public void a_seed_is_found_among_the_lines_of_its_file()
    {
        using var user = KeyPair.CreatePair(PrefixByte.User);
        File.WriteAllText(_folder.File("user.nk"), $"-----BEGIN USER NKEY SEED-----\n  {user.GetSeed()}  \n------END USER NKEY SEED------\n");

        Read(("NATS_NKEY_FILE", _folder.File("user.nk"))).Login.ShouldBe(new NatsLogin.NKey(user.GetSeed()));
    }

    public void Dispose()
    {
        _folder.Dispose();
        _authority.Dispose();
    }

    private static NatsOptions Read(params (string Key, string Value)[] environment) =>
        ServiceOptions.From(key => Array.Find(environment, one => one.Key == key).Value).Nats;

    private static string Fault(params (string Key, string Value)[] environment)
    {
        var fault = Should.Throw<ConfigurationException>(() => Read(environment)).Message;
        fault.ShouldNotContain('\n');
        return fault;
    }
}
