using System.Text.Json;
using Fluid;
using Fluid.Values;
using Tickets.Contracts;
using Tickets.Contracts.Notifications;

namespace Tickets.Handlers.Notifications;

/// <summary>
/// Puts notifications into words by Liquid templates, two for each reason: <c>{reason}.subject.liquid</c> and
/// <c>{reason}.text.liquid</c>. They see <c>ticket</c>, as in JSON, <c>reason</c>, <c>recipient</c> and <c>actor</c>.
/// </summary>
public sealed class NotificationTemplates
{
    private static readonly FluidParser Parser = new();

    private readonly Dictionary<(NotificationReason Reason, string Part), IFluidTemplate> _templates = [];

    /// <summary>Reads all templates: those of the folder, and the built-in ones for the rest.</summary>
    /// <param name="folder">The folder; null for none.</param>
    /// <exception cref="TemplateException">A template can't be read.</exception>
    public NotificationTemplates(string? folder)
    {
        foreach (var reason in Enum.GetValues<NotificationReason>())
        {
            foreach (var part in new[] { "subject", "text" })
            {
                _templates[(reason, part)] = Parse(NameOf(reason, part), folder);
            }
        }
    }

    /// <summary>Puts a notification into words.</summary>
    /// <exception cref="DeliveryFailedException">A template asks for what is not there, or for what can't be done.</exception>
    public WrittenNotification Write(NotificationRequested request)
    {
        var model = JsonSerializer.SerializeToElement(request, WireJson.Default.NotificationRequested);
        return new WrittenNotification(OneLine(Render("subject")), Render("text"));

        string Render(string part)
        {
            var context = new TemplateContext(new TemplateOptions());
            foreach (var property in model.EnumerateObject())
            {
                context.SetValue(property.Name, ValueOf(property.Value));
            }

            try
            {
                return _templates[(request.Reason, part)].Render(context, NullEncoder.Default);
            }
            catch (Exception e)
            {
                // What goes wrong may depend on the ticket, and a template may have been mended by the next try.
                throw new DeliveryFailedException($"the template {NameOf(request.Reason, part)} can't be filled in", permanent: false, e);
            }
        }
    }

    private static string NameOf(NotificationReason reason, string part) => $"{WireName.Of(reason)}.{part}.liquid";

    private static IFluidTemplate Parse(string name, string? folder)
    {
        var file = folder is null ? null : Path.Combine(folder, name);
        var text = File.Exists(file) ? Read(file) : BuiltIn(name);
        return Parser.TryParse(text, out var template, out var error) ? template : throw new TemplateException(file ?? name, error);
    }

    private static string Read(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new TemplateException(file, e.Message);
        }
    }

    private static string BuiltIn(string name)
    {
        using var reader = new StreamReader(typeof(NotificationTemplates).Assembly.GetManifestResourceStream(
            $"{typeof(NotificationTemplates).Namespace}.Templates.{name}")!);
        return reader.ReadToEnd();
    }

    // What somebody wrote into a title must not become a header of a mail.
    private static string OneLine(string text) => string.Concat(text.Select(character => char.IsControl(character) ? ' ' : character)).Trim();

    private static FluidValue ValueOf(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Object => new DictionaryValue(new FluidValueDictionaryFluidIndexable(
            json.EnumerateObject().ToDictionary(property => property.Name, property => ValueOf(property.Value)))),
        JsonValueKind.Array => new ArrayValue([.. json.EnumerateArray().Select(ValueOf)]),
        JsonValueKind.Number => NumberValue.Create(json.GetDecimal()),
        JsonValueKind.Null => NilValue.Instance,
        _ => new StringValue(json.ToString()),
    };
}
