// Entry of the .NET runtime inside a sandbox: `dotnet millrace-host.dll`, with descriptor 3 a Unix stream socket to the server.
// Speaks the frames of contract/frames.cjs. Puts the parts together and does nothing else.
namespace Millrace.Host;

internal static class Program
{
    /// <param name="arguments">`try`: there is no server; whether all that is needed is there shall show</param>
    internal static void Main(string[] arguments)
    {
        if (arguments.Length > 0)
        {
            Rehearsal.RunWhile(() => true);
            return;
        }
        var control = new ControlSocket();
        Rehearsal.RunWhile(() => !control.HasMore());
        var output = new Output();
        var log = new RunLog(output);
        new HostProcess(control, output, log).Run();
    }
}
