// Says what to upload where a package holds sources in place of what is made of them. Called by FunctionHandler.
using System.IO;
using System.Linq;

namespace Millrace.Host;

internal static class Sources
{
    /// <returns>null: there is no project</returns>
    internal static Fault FaultOf(string folder)
    {
        var project = Directory.EnumerateFiles(folder, "*.??proj", SearchOption.AllDirectories).FirstOrDefault();
        return project == null
            ? null
            : new Fault($"The package holds the sources of {Path.GetFileName(project)}, which are not built here: "
                + "run `dotnet publish -c Release` and upload what is in its publish folder.");
    }
}
