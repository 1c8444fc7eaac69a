using System.Globalization;
using System.Reflection;
using System.Text.Json;
using JasperFx.CommandLine;

namespace Tickets.Api.CommandLine;

/// <summary>
/// Looks for what is no number and no name of those that there are, where a command takes one: the library that reads the words would tell so
/// with a trace.
/// </summary>
internal static class ArgumentCheck
{
    private const string Suffix = "Flag";

    /// <summary>What is wrong with the words; null when nothing is, or nothing of this kind.</summary>
    public static string? Fault(string[] args) =>
        args.Length > 1 && InputOf(args[0]) is { } input ? FaultOfFlags(args, FlagsOf(input)) ?? FaultOfChoice(args, input) : null;

    private static string? FaultOfFlags(string[] args, PropertyInfo[] flags)
    {
        foreach (var (word, value) in args.Zip(args.Skip(1)))
        {
            if (Array.Find(flags, flag => IsMeant(flag, word)) is { } found && !MayBe(TypeOf(found), value))
            {
                return $"{word} takes {KindOf(TypeOf(found))}; '{Terminal.Plain(value)}' is none";
            }
        }

        return null;
    }

    // Where a command has a choice, it is the first word that is no flag's.
    private static string? FaultOfChoice(string[] args, Type input) =>
        Array.Find(input.GetProperties(), property => property.PropertyType.IsEnum && !IsFlag(property)) is { } choice
        && FirstArgumentOf(args, FlagsOf(input)) is { } word && !MayBe(choice.PropertyType, word)
            ? $"'{Terminal.Plain(word)}' is no {choice.Name.ToLowerInvariant()} of '{args[0]}'; it is one of {NamesOf(choice.PropertyType)}"
            : null;

    // Null as well where a flag comes before it of which only the library knows whether it takes a value.
    private static string? FirstArgumentOf(string[] args, PropertyInfo[] flags)
    {
        for (var i = 1; i < args.Length; i++)
        {
            if (!args[i].StartsWith('-'))
            {
                return args[i];
            }

            if (Array.Find(flags, flag => IsMeant(flag, args[i])) is not { } found)
            {
                return null;
            }

            i += TypeOf(found) == typeof(bool) ? 0 : 1;
        }

        return null;
    }

    private static Type? InputOf(string command) => typeof(ArgumentCheck).Assembly.GetTypes()
        .Where(type => InputOf(type) is not null && CommandFactory.CommandNameFor(type) == command).Select(InputOf).FirstOrDefault();

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

    private static PropertyInfo[] FlagsOf(Type input) => Array.FindAll(input.GetProperties(), IsFlag);

    private static bool IsFlag(PropertyInfo property) => property.Name.EndsWith(Suffix, StringComparison.Ordinal);

    private static Type TypeOf(PropertyInfo flag) => Nullable.GetUnderlyingType(flag.PropertyType) ?? flag.PropertyType;

    private static bool IsMeant(PropertyInfo flag, string word)
    {
        var name = JsonNamingPolicy.KebabCaseLower.ConvertName(flag.Name[..^Suffix.Length]);
        return word == $"--{name}" || word == $"-{name[0]}";
    }

    private static bool MayBe(Type type, string value) =>
        type == typeof(int) ? int.TryParse(value, NumberStyles.Integer, CultureInfo.InvariantCulture, out _)
        : type == typeof(ulong) ? ulong.TryParse(value, NumberStyles.Integer, CultureInfo.InvariantCulture, out _)
        : !type.IsEnum || Enum.GetNames(type).Contains(value);

    private static string KindOf(Type type) =>
        type.IsEnum ? $"one of {NamesOf(type)}" : $"a whole number{(type == typeof(ulong) ? " from 0" : string.Empty)}";

    private static string NamesOf(Type type) => string.Join(", ", Enum.GetNames(type));
}
