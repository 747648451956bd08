// The serializer that the function's package brings: named by an attribute of the handler or its assembly, which is known by its
// name alone, as it comes from whatever Amazon.Lambda.Core is in the package. Called by FunctionHandler.
using System;
using System.IO;
using System.Linq;
using System.Reflection;

namespace Millrace.Host;

internal sealed class FunctionSerializer
{
    internal const string AttributeName = "Amazon.Lambda.Core.LambdaSerializerAttribute";
    private const string InterfaceName = "Amazon.Lambda.Core.ILambdaSerializer";

    /// <summary>The package's own object.</summary>
    internal readonly object Instance;
    private readonly Type _interface;

    private FunctionSerializer(object instance, Type serializer)
    {
        Instance = instance;
        _interface = serializer;
    }

    /// <returns>null: none is named</returns>
    internal static FunctionSerializer Of(MethodInfo method)
    {
        bool IsNamed(Attribute attribute) => attribute.GetType().FullName == AttributeName;
        var attribute = method.GetCustomAttributes().FirstOrDefault(IsNamed)
            ?? method.Module.Assembly.GetCustomAttributes().FirstOrDefault(IsNamed);
        return attribute == null ? null : Create(attribute);
    }

    internal Func<Stream, object> ReaderOf(Type type)
    {
        var method = _interface.GetMethod("Deserialize").MakeGenericMethod(type);
        return stream => method.Call(Instance, stream);
    }

    internal Action<object, Stream> WriterOf(Type type)
    {
        var method = _interface.GetMethod("Serialize").MakeGenericMethod(type);
        return (value, stream) => method.Call(Instance, value, stream);
    }

    private static FunctionSerializer Create(Attribute attribute)
    {
        var named = attribute.GetType().FullName;
        var property = attribute.GetType().GetProperty("SerializerType");
        if (property == null) throw new Fault($"The '{named}' class is invalid: no 'SerializerType' property detected.");
        if (property.GetValue(attribute) is not Type type)
            throw new Fault($"The 'SerializerType' property on attribute class '{named}' is not set.");
        var constructor = type.GetConstructor(Type.EmptyTypes);
        if (constructor == null)
            throw new Fault($"The indicated serializer '{type.FullName}' does not define a public zero-parameter constructor.");
        var serializer = type.GetInterface(InterfaceName);
        if (serializer == null)
            throw new Fault($"The '{type.FullName}' class is invalid: it does not implement the 'ILambdaSerializer' interface.");
        return new FunctionSerializer(constructor.Call(), serializer);
    }
}
