using System.Globalization;
using System.Reflection;
using System.Text.Json;
using JasperFx.CommandLine;

namespace Tickets.Api.CommandLine;

/// <summary>Flags that take a number and are given none: the library that reads the words would tell so with a trace.</summary>
internal static class NumericFlags
{
    private const string Suffix = "Flag";

    /// <summary>What is wrong with the words; null when nothing is, or nothing of this kind.</summary>
    public static string? Fault(string[] args)
    {
        var flags = args.Length > 1 ? FlagsOf(args[0]) : [];
        foreach (var (word, value) in args.Zip(args.Skip(1)))
        {
            if (Array.Find(flags, flag => IsMeant(flag, word)) is { } found && !MayBe(TypeOf(found), value))
            {
                return $"{word} takes a whole number{(TypeOf(found) == typeof(ulong) ? " from 0" : string.Empty)}; '{Terminal.Plain(value)}' is none";
            }
        }

        return null;
    }

    private static PropertyInfo[] FlagsOf(string command) =>
        Array.Find(typeof(NumericFlags).Assembly.GetTypes(), type => InputOf(type) is not null && CommandFactory.CommandNameFor(type) == command) is { } found
            ? Array.FindAll(InputOf(found)!.GetProperties(), flag => flag.Name.EndsWith(Suffix, StringComparison.Ordinal))
            : [];

    // What a command takes.
    private static Type? InputOf(Type type)
    {
        for (var above = type.IsAbstract ? null : type.BaseType; above is not null; above = above.BaseType)
        {
            if (above.IsGenericType && above.GetGenericTypeDefinition() == typeof(JasperFxAsyncCommand<>))
            {
                return above.GetGenericArguments()[0];
            }
        }

        return null;
    }

    private static Type TypeOf(PropertyInfo flag) => Nullable.GetUnderlyingType(flag.PropertyType) ?? flag.PropertyType;

    private static bool IsMeant(PropertyInfo flag, string word)
    {
        var name = JsonNamingPolicy.KebabCaseLower.ConvertName(flag.Name[..^Suffix.Length]);
        return word == $"--{name}" || word == $"-{name[0]}";
    }

    private static bool MayBe(Type type, string value) =>
        type == typeof(int) ? int.TryParse(value, NumberStyles.Integer, CultureInfo.InvariantCulture, out _)
        : type != typeof(ulong) || ulong.TryParse(value, NumberStyles.Integer, CultureInfo.InvariantCulture, out _);
}
