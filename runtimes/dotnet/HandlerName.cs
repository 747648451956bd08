// A handler as it is named: `Assembly::Namespace.Type::Method`. Called by FunctionHandler.
using System;

namespace Millrace.Host;

internal sealed class HandlerName
{
    private const string Form = "The valid format is 'ASSEMBLY::TYPE::METHOD'.";

    internal string Assembly { get; private init; }
    internal string Type { get; private init; }
    /// <summary>The method's name, or its whole signature.</summary>
    internal string Method { get; private init; }

    internal static HandlerName Parse(string text)
    {
        if (string.IsNullOrEmpty(text)) throw new Fault("Empty lambda function handler. " + Form);
        var parts = text.Split(new[] { "::" }, 3, StringSplitOptions.None);
        if (parts.Length != 3) throw new Fault($"Invalid lambda function handler: '{text}'. {Form}");
        var names = new[] { "assembly", "type", "method" };
        for (var at = 0; at < 3; at++)
        {
            if (parts[at].Trim() == "")
                throw new Fault($"Invalid lambda function handler: '{text}', the {names[at]} is missing. {Form}");
        }
        return new HandlerName { Assembly = parts[0].Trim(), Type = parts[1].Trim(), Method = parts[2].Trim() };
    }
}
