using System.Text;

namespace EdgeBench.Reports;

/// <summary>Files that travel inside the assembly.</summary>
internal static class Resources
{
    public static byte[] Bytes(string name)
    {
        using Stream stream = typeof(Resources).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"No embedded resource '{name}'.");
        byte[] bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }

    public static string Text(string name) => Encoding.UTF8.GetString(Bytes(name));
}
