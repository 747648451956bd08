// Messages with places for arguments: `{name}` or `{0}`, with a format after a colon, `@` before a name that JSON shall show whole.
// Called by RunLog.
using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text.RegularExpressions;

namespace Millrace.Host;

internal static class LogTemplate
{
    private static readonly Lazy<Regex> Place = new Lazy<Regex>(() => new Regex(@"\{\{|\{(?<name>[^{}:]+)(:(?<format>[^{}]*))?\}"));

    internal static string Fill(string text, object[] arguments)
    {
        if (arguments.Length == 0) return text;
        var isByPosition = IsByPosition(text);
        var next = 0;
        return Place.Value.Replace(text, match =>
        {
            if (match.Value == "{{") return "{";
            var at = isByPosition ? int.Parse(match.Groups["name"].Value, CultureInfo.InvariantCulture) : next++;
            return at < arguments.Length ? Shown(arguments[at], match.Groups["format"].Value) : match.Value;
        });
    }

    /// <returns>the arguments by the names of their places</returns>
    internal static IEnumerable<KeyValuePair<string, object>> Named(string text, object[] arguments)
    {
        if (arguments.Length == 0) yield break;
        var isByPosition = IsByPosition(text);
        var next = 0;
        foreach (var name in NamesIn(text))
        {
            var at = isByPosition ? int.Parse(name, CultureInfo.InvariantCulture) : next++;
            if (at < arguments.Length && arguments[at] != null) yield return KeyValuePair.Create(name.TrimStart('@'), arguments[at]);
        }
    }

    private static IEnumerable<string> NamesIn(string text) =>
        Place.Value.Matches(text).Where(match => match.Value != "{{").Select(match => match.Groups["name"].Value);

    private static bool IsByPosition(string text) =>
        NamesIn(text).All(name => int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out _));

    private static string Shown(object value, string format)
    {
        if (value is IFormattable formattable && format != "") return formattable.ToString(format, CultureInfo.InvariantCulture);
        if (value is DateTime time) return time.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);
        return Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
    }
}
