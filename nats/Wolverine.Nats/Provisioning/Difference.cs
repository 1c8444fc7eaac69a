namespace Wolverine.Nats.Provisioning;

/// <summary>Words the difference between a declared and a found value.</summary>
internal static class Difference
{
    public static IEnumerable<string> Of<T>(string field, T declared, T found)
    {
        if (!EqualityComparer<T>.Default.Equals(declared, found))
        {
            yield return $"{field} is {found}, declared {declared}";
        }
    }
}
