// Where the function's code finds assemblies and native libraries: its own folder, by its deps.json where it has one, and what of
// the frameworks is newer or there alone. Never the host's own. Called by FunctionHandler.
using System;
using System.Collections.Generic;
using System.IO;
using System.Reflection;
using System.Runtime.Loader;

namespace Millrace.Host;

internal sealed class FunctionAssemblies : AssemblyLoadContext
{
    private readonly string _taskRoot;
    private readonly AssemblyDependencyResolver _resolver;
    private readonly Dictionary<string, string> _ofFrameworks = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);

    internal FunctionAssemblies(string taskRoot, string assemblyFile) : base("function")
    {
        _taskRoot = taskRoot;
        _resolver = ResolverOf(assemblyFile);
        var trusted = (string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES") ?? "";
        var host = typeof(FunctionAssemblies).Assembly.GetName().Name;
        foreach (var file in trusted.Split(':', StringSplitOptions.RemoveEmptyEntries))
        {
            var name = Path.GetFileNameWithoutExtension(file);
            if (name != host) _ofFrameworks[name] = file;
        }
    }

    protected override Assembly Load(AssemblyName wanted)
    {
        var own = OwnFile(wanted);
        if (_ofFrameworks.TryGetValue(wanted.Name, out var framework))
        {
            // As .NET's own host chooses where both have it.
            if (own == null || VersionOf(framework) >= VersionOf(own)) return null;
        }
        if (own != null) return LoadFromAssemblyPath(own);
        var web = WebFrameworkFile(wanted.Name);
        return web == null ? null : LoadFromAssemblyPath(web);
    }

    protected override IntPtr LoadUnmanagedDll(string name)
    {
        var own = _resolver?.ResolveUnmanagedDllToPath(name);
        if (own != null) return LoadUnmanagedDllFromPath(own);
        foreach (var folder in new[] { _taskRoot, Path.Combine(_taskRoot, "lib") })
        {
            foreach (var file in new[] { name, name + ".so", "lib" + name + ".so" })
            {
                var path = Path.Combine(folder, file);
                if (File.Exists(path)) return LoadUnmanagedDllFromPath(path);
            }
        }
        return IntPtr.Zero;
    }

    private string OwnFile(AssemblyName wanted)
    {
        var resolved = _resolver?.ResolveAssemblyToPath(wanted);
        if (resolved != null) return resolved;
        var culture = string.IsNullOrEmpty(wanted.CultureName) ? "" : wanted.CultureName;
        var beside = Path.Combine(_taskRoot, culture, wanted.Name + ".dll");
        return File.Exists(beside) ? beside : null;
    }

    /// <summary>Packages without a deps.json are found by their files alone.</summary>
    private static AssemblyDependencyResolver ResolverOf(string assemblyFile)
    {
        try
        {
            return new AssemblyDependencyResolver(assemblyFile);
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private static Version VersionOf(string file) => AssemblyName.GetAssemblyName(file).Version;

    /// <summary>ASP.NET's assemblies, where the engine has them: its folder lies beside the runtime's.</summary>
    private static string WebFrameworkFile(string name)
    {
        var runtime = Path.GetDirectoryName(typeof(object).Assembly.Location);
        var folder = Path.Combine(runtime, "../../Microsoft.AspNetCore.App", Path.GetFileName(runtime));
        var file = Path.GetFullPath(Path.Combine(folder, name + ".dll"));
        return File.Exists(file) ? file : null;
    }
}
