using System;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;

namespace Zoo
{
    public class SaleException : Exception
    {
        public SaleException(string message, Exception inner = null) : base(message, inner) { }
    }

    public class Unprintable : Exception
    {
        public override string Message => throw new Exception("no message");
        public override string ToString() => throw new Exception("no text");
    }

    public class Raises
    {
        public string Handle(string how)
        {
            switch (how)
            {
                case "own": throw new SaleException("no such sale");
                case "caused": throw new SaleException("outer", new InvalidOperationException("inner"));
                case "unprintable": throw new Unprintable();
                case "large": throw new SaleException(new string('m', 300 * 1024));
                case "inner": return Inner();
                case "exit": Environment.Exit(3); return "";
                case "fail fast": Environment.FailFast("giving up"); return "";
                case "overflow": return Deeper(1).ToString();
                case "thread":
                    var thread = new Thread(() => throw new SaleException("in a thread"));
                    thread.Start();
                    thread.Join();
                    Thread.Sleep(Timeout.Infinite);
                    return "";
                case "task": _ = Task.Run(() => throw new SaleException("nobody waits")); return "went on";
                case "too much at once": return new byte[int.MaxValue - 100].Length.ToString();
                default: return how;
            }
        }

        public async Task<string> Later(string how)
        {
            await Task.Delay(1);
            if (how == "aggregate") await Task.FromException(new AggregateException(new SaleException("one"), new SaleException("two")));
            throw new SaleException("later");
        }

        public Task<string> Synchronous(string how) => throw new SaleException("at once");

        private static string Inner() => throw new SaleException("one\n  two");
        private static long Deeper(long depth) => Deeper(depth + 1) + depth;
    }
}
