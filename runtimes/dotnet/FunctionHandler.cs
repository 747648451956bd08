// The handler of the function, loaded and ready to be called with one event after another: assembly, type, method, the object that
// it is called on, and what turns events into arguments and results into JSON. Called by HostProcess.
using System;
using System.Collections.Generic;
using System.IO;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace Millrace.Host;

internal sealed class FunctionHandler
{
    private const string ContextName = "Amazon.Lambda.Core.ILambdaContext";

    private readonly List<Func<RunFacts, Stream, object>> _arguments = new List<Func<RunFacts, Stream, object>>();
    private readonly MethodInfo _method;
    private readonly object _target;
    private readonly ResultWriter _result;

    private FunctionHandler(MethodInfo method, object target, ResultWriter result)
    {
        _method = method;
        _target = target;
        _result = result;
    }

    /// <param name="onOpen">called before anything of the function is loaded</param>
    internal static FunctionHandler Load(StartFacts start, RunLog log, Action<FunctionAssemblies> onOpen)
    {
        var name = HandlerName.Parse(start.Handler);
        var assembly = LoadAssembly(start, name, onOpen);
        var type = assembly.GetType(name.Type);
        if (type == null) throw new Fault($"Unable to load type '{name.Type}' from assembly '{name.Assembly}'.");
        var method = MethodFinder.Find(type, name);
        MethodFinder.RequireCallable(method);
        MethodFinder.RequireUsable(type, method);
        var target = TargetOf(type, method);
        var serializer = FunctionSerializer.Of(method);
        var result = ResultWriter.Of(method, name, serializer, start.ResultLimitBytes);
        var handler = new FunctionHandler(method, target, result);
        handler.ReadParameters(name, serializer, new LambdaContextMembers(start, log, serializer?.Instance));
        return handler;
    }

    internal ReadOnlyMemory<byte> Call(RunFacts run, ReadOnlyMemory<byte> body)
    {
        var events = new MemoryStream(body.ToArray(), writable: false);
        var arguments = new object[_arguments.Count];
        for (var at = 0; at < arguments.Length; at++) arguments[at] = _arguments[at](run, events);
        return _result.Write(_method.Call(_target, arguments));
    }

    private static Assembly LoadAssembly(StartFacts start, HandlerName name, Action<FunctionAssemblies> onOpen)
    {
        var file = Path.Combine(start.TaskRoot, name.Assembly + ".dll");
        if (!File.Exists(file))
            throw Sources.FaultOf(start.TaskRoot) ?? new Fault($"Could not find the specified handler assembly with the file name '{name.Assembly}, Culture=neutral, "
                + "PublicKeyToken=null'. The assembly should be located in the root of your uploaded .zip file.");
        var assemblies = new FunctionAssemblies(start.TaskRoot, file);
        onOpen(assemblies);
        try
        {
            return assemblies.LoadFromAssemblyPath(file);
        }
        catch (BadImageFormatException)
        {
            throw new Fault($"Unable to load assembly '{name.Assembly}'.");
        }
    }

    private static object TargetOf(Type type, MethodInfo method)
    {
        if (method.IsStatic)
        {
            // Its static fields are made while the function loads, and not in its first run.
            RuntimeHelpers.RunClassConstructor(type.TypeHandle);
            return null;
        }
        var constructor = type.GetConstructor(Type.EmptyTypes);
        if (constructor != null) return constructor.Call();
        return type.IsValueType ? Activator.CreateInstance(type) : throw NoConstructor(type);
    }

    private static Exception NoConstructor(Type type) =>
        new MissingMethodException($"Cannot dynamically create an instance of type '{type}'. Reason: No parameterless constructor defined.");

    private void ReadParameters(HandlerName name, FunctionSerializer serializer, LambdaContextMembers context)
    {
        var parameters = _method.GetParameters();
        if (parameters.Length > 2)
            throw new Fault($"Method '{_method.Name}' of type '{name.Type}' is not supported: the method has more than 2 parameters.");
        if (parameters.Length == 2 && !IsContext(parameters[1].ParameterType))
            throw new Fault($"Method '{_method.Name}' of type '{name.Type}' is not supported: the method has 2 parameters, "
                + $"but the second parameter is not of type '{ContextName}'.");
        foreach (var parameter in parameters)
        {
            var type = parameter.ParameterType;
            if (IsContext(type)) _arguments.Add((run, _) => context.ObjectFor(type, run));
            else if (type == typeof(Stream)) _arguments.Add((_, events) => events);
            else
            {
                var read = RequireSerializer(serializer, name, type, "deserialize input").ReaderOf(type);
                _arguments.Add((_, events) => read(events));
            }
        }
    }

    internal static FunctionSerializer RequireSerializer(FunctionSerializer serializer, HandlerName name, Type type, string what)
    {
        if (serializer != null) return serializer;
        throw new Fault($"Could not find the LambdaSerializerAttribute on the assembly '{name.Assembly}' or method '{name.Method}' while "
            + $"attempting to {what} data of type '{type.FullName}'. To use types other than System.IO.Stream as input/output parameters, "
            + $"the assembly or Lambda function should be annotated with {FunctionSerializer.AttributeName}.");
    }

    private static bool IsContext(Type type) => type.FullName == ContextName;
}
