// What is wrong with the function as a whole: its sentence is Lambda's own, and it has no frames of ours.
using System;

namespace Millrace.Host;

internal sealed class Fault : Exception
{
    /// <summary>What the error is called in place of the exception's own name.</summary>
    internal readonly string Kind;

    internal Fault(string message, string kind = "LambdaValidationException") : base(message) => Kind = kind;
}
