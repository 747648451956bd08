// Finds the method that a handler names, and refuses what can't be called as one, in Lambda's own sentences. Called by
// FunctionHandler.
using System;
using System.Linq;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace Millrace.Host;

internal static class MethodFinder
{
    private const BindingFlags Declared = BindingFlags.DeclaredOnly | BindingFlags.NonPublic | BindingFlags.Public
        | BindingFlags.Instance | BindingFlags.Static;

    internal static MethodInfo Find(Type type, HandlerName handler)
    {
        var found = ByName(type, handler.Method) ?? BySignature(type, handler.Method);
        if (found != null) return found;
        throw new Fault($"Unable to find method '{handler.Method}' in type '{handler.Type}' from assembly '{handler.Assembly}': "
            + $"Found no methods matching method name '{handler.Method}'.");
    }

    internal static void RequireCallable(MethodInfo method)
    {
        string Refused(string what, string remedy) =>
            $"The method '{method}' cannot be used as a Lambda Handler because it is {what}. {remedy}";
        if (method.IsAbstract)
            throw new Fault(Refused("an abstract method", "Handler methods cannot be abstract. Please specify a non-abstract handler method."));
        if (method.IsGenericMethod)
            throw new Fault(Refused("a generic method", "Handler methods cannot be generic. Please specify a non-generic handler method."));
        if (method.ReturnType == typeof(void) && method.IsDefined(typeof(AsyncStateMachineAttribute)))
            throw new Fault(Refused("an 'async void' method", "Handler methods cannot be 'async void'. Please specify a method that is not 'async void'."));
        var last = method.GetParameters().LastOrDefault();
        if (last != null && last.IsDefined(typeof(ParamArrayAttribute)))
            throw new Fault(Refused("a 'params' method", "Please specify a method that does not use 'params'."));
        if ((method.CallingConvention & CallingConventions.VarArgs) == CallingConventions.VarArgs)
            throw new Fault(Refused("a 'vararg (variable arguments)' method", "Please specify a method that is not 'vararg'."));
    }

    internal static void RequireUsable(Type type, MethodInfo method)
    {
        if (type.IsGenericType)
            throw new Fault($"The type '{type.FullName}' cannot be used as a Lambda Handler type because it is generic. "
                + "Handler methods cannot be located in generic types. Please specify a handler method in a non-generic type.");
        if (!method.IsStatic && type.IsAbstract)
            throw new Fault($"The instance method '{method}' cannot be used as a Lambda Handler because its type '{type.FullName}' is abstract. "
                + "Please either use a static handler or specify a type that is not abstract.");
        if (!type.IsClass && !(type.IsValueType && !type.IsPrimitive && !type.IsEnum))
            throw new Fault($"The type '{type.FullName}' cannot be used as a handler type since it is not a class or a struct. "
                + "Please specify a handler method on a class or struct.");
    }

    private static MethodInfo ByName(Type type, string name)
    {
        for (var at = type; at != null; at = at.BaseType)
        {
            try
            {
                var found = at.GetMethod(name, Declared);
                if (found != null) return found;
            }
            catch (AmbiguousMatchException)
            {
                var candidates = at.GetMethods(Declared).Where(method => method.Name == name || method.ToString() == name);
                throw new Fault($"The method '{name}' in type '{at.FullName}' appears to have a number of overloads. "
                    + "To call this method please specify a complete method signature. Possible candidates are:\n"
                    + $"{string.Join("\n", candidates)}.");
            }
        }
        return null;
    }

    private static MethodInfo BySignature(Type type, string signature)
    {
        for (var at = type; at != null; at = at.BaseType)
        {
            var found = at.GetMethods(Declared).FirstOrDefault(method => method.ToString() == signature);
            if (found != null) return found;
        }
        return null;
    }
}
