using System.Text;

namespace EdgeBench.Models.Tests.Hostile;

/// <summary>Safetensors files written by hand, so that they can lie.</summary>
internal static class SafetensorsBytes
{
    public static byte[] File(string json, int data = 0, long? length = null)
    {
        byte[] header = Encoding.UTF8.GetBytes(json);
        return [.. BitConverter.GetBytes(length ?? header.Length), .. header, .. new byte[data]];
    }

    public static string Tensor(string name, string dtype, string shape, string offsets) => $$"""{"{{name}}":{"dtype":"{{dtype}}","shape":{{shape}},"data_offsets":{{offsets}} } }""";
}
