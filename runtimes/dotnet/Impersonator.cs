// Makes objects of interfaces that are known at run time only: those of whatever Amazon.Lambda.Core the package brings. Every member
// is answered by name. A class is emitted for each interface: DispatchProxy would take one that it has made for another assembly's
// interface of the same name. Called by LambdaContextMembers.
using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using System.Reflection.Emit;

namespace Millrace.Host;

/// <summary>The answer of a member, or Impersonator.Unknown.</summary>
internal delegate object MemberAnswer(string name, object[] arguments);

internal static class Impersonator
{
    private static readonly Dictionary<Type, Func<MemberAnswer, object>> Known = new Dictionary<Type, Func<MemberAnswer, object>>();
    private static readonly ModuleBuilder Module = AssemblyBuilder
        .DefineDynamicAssembly(new AssemblyName("Millrace.Members"), AssemblyBuilderAccess.Run)
        .DefineDynamicModule("Millrace.Members");

    /// <param name="names">members whose usual implementation, where the interface has one, is replaced</param>
    internal static object Create(Type type, IReadOnlyCollection<string> names, MemberAnswer answer)
    {
        if (!Known.TryGetValue(type, out var create)) Known[type] = create = Emit(type, names);
        return create(answer);
    }

    /// <summary>What a member that nobody knows answers.</summary>
    internal static object Default(Type type) =>
        type != typeof(void) && type.IsValueType ? Activator.CreateInstance(type) : null;

    private static Func<MemberAnswer, object> Emit(Type type, IReadOnlyCollection<string> names)
    {
        var builder = Module.DefineType("Millrace.Members." + type.Name + Known.Count, TypeAttributes.Public | TypeAttributes.Sealed);
        builder.AddInterfaceImplementation(type);
        var call = builder.DefineField("_call", typeof(Func<int, object[], object>), FieldAttributes.Public);
        var members = type.GetInterfaces().Prepend(type).SelectMany(one => one.GetMethods())
            .Where(method => !method.IsStatic && method.IsVirtual && !method.IsGenericMethod)
            .Where(method => method.IsAbstract || names.Contains(NameOf(method)))
            .ToArray();
        for (var at = 0; at < members.Length; at++) EmitMember(builder, call, members[at], at);
        var made = builder.CreateType();
        var field = made.GetField("_call");
        return answer =>
        {
            var instance = Activator.CreateInstance(made);
            field.SetValue(instance, (Func<int, object[], object>)((at, arguments) =>
                answer(NameOf(members[at]), arguments) ?? Default(members[at].ReturnType)));
            return instance;
        };
    }

    private static void EmitMember(TypeBuilder builder, FieldInfo call, MethodInfo member, int at)
    {
        var parameters = member.GetParameters().Select(parameter => parameter.ParameterType).ToArray();
        const MethodAttributes attributes = MethodAttributes.Private | MethodAttributes.Virtual | MethodAttributes.Final
            | MethodAttributes.HideBySig | MethodAttributes.NewSlot;
        var method = builder.DefineMethod(member.Name + at, attributes, member.ReturnType, parameters);
        var code = method.GetILGenerator();
        code.Emit(OpCodes.Ldarg_0);
        code.Emit(OpCodes.Ldfld, call);
        code.Emit(OpCodes.Ldc_I4, at);
        code.Emit(OpCodes.Ldc_I4, parameters.Length);
        code.Emit(OpCodes.Newarr, typeof(object));
        for (var parameter = 0; parameter < parameters.Length; parameter++)
        {
            code.Emit(OpCodes.Dup);
            code.Emit(OpCodes.Ldc_I4, parameter);
            code.Emit(OpCodes.Ldarg, parameter + 1);
            if (parameters[parameter].IsValueType) code.Emit(OpCodes.Box, parameters[parameter]);
            code.Emit(OpCodes.Stelem_Ref);
        }
        code.Emit(OpCodes.Callvirt, typeof(Func<int, object[], object>).GetMethod("Invoke"));
        if (member.ReturnType == typeof(void)) code.Emit(OpCodes.Pop);
        else code.Emit(OpCodes.Unbox_Any, member.ReturnType);
        code.Emit(OpCodes.Ret);
        builder.DefineMethodOverride(method, member);
    }

    /// <summary>Of a property: without what its getter's name begins with.</summary>
    private static string NameOf(MethodInfo method) =>
        method.IsSpecialName && method.Name.StartsWith("get_", StringComparison.Ordinal) ? method.Name.Substring(4) : method.Name;
}
