// Calls by reflection whose exceptions come as they were thrown.
using System.Globalization;
using System.Reflection;

namespace Millrace.Host;

internal static class Calling
{
    internal static object Call(this MethodInfo method, object target, params object[] arguments) =>
        method.Invoke(target, BindingFlags.DoNotWrapExceptions, null, arguments, CultureInfo.InvariantCulture);

    internal static object Call(this ConstructorInfo constructor) =>
        constructor.Invoke(BindingFlags.DoNotWrapExceptions, null, null, CultureInfo.InvariantCulture);
}
