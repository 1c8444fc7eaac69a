using System.Text;

namespace Tickets.Api.Composition;

/// <summary>Takes secrets out of what is written, a line or a piece at a time.</summary>
internal sealed class MaskedWriter(TextWriter inner, SecretMask mask) : TextWriter(inner.FormatProvider)
{
    public override Encoding Encoding => inner.Encoding;

    /// <summary>Has everything that this process prints go through the mask.</summary>
    public static void Install(SecretMask mask)
    {
        Console.SetOut(new MaskedWriter(Console.Out, mask));
        Console.SetError(new MaskedWriter(Console.Error, mask));
    }

    public override void Write(char value) => inner.Write(value);

    public override void Write(char[] buffer, int index, int count) => Write(new string(buffer, index, count));

    public override void Write(string? value)
    {
        if (value is not null)
        {
            inner.Write(mask.Apply(value));
        }
    }

    public override void WriteLine(string? value) => inner.WriteLine(mask.Apply(value ?? string.Empty));

    public override void Flush() => inner.Flush();
}
