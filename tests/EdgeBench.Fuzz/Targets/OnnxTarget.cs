using EdgeBench.Core.Configuration;
using EdgeBench.Models.Gguf;
using EdgeBench.Models.Onnx.Export;
using EdgeBench.Models.Onnx.Reading;
using EdgeBench.Models.Sources.Synthetic;

namespace EdgeBench.Fuzz.Targets;

/// <summary>An ONNX file's header: every message that the check before a runtime looks at, with external data beside it.</summary>
internal sealed class OnnxTarget : IFuzzTarget
{
    private readonly string _folder = Directory.CreateTempSubdirectory("edgebench-fuzz-").FullName;

    public OnnxTarget()
    {
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(_folder, recursive: true);
        Seeds = [Exported(ExternalData.Auto), Exported(ExternalData.Always)];
    }

    public string Name => "onnx";

    public IReadOnlyList<byte[]> Seeds { get; }

    public void Execute(byte[] input)
    {
        OnnxHeader header = OnnxHeader.Read(input, Path.Combine(_folder, OnnxExporter.ModelFile));
        foreach (OnnxTensorInfo tensor in header.Tensors)
        {
            if (tensor.Elements < 0 || tensor.Bytes < 0) throw new InvalidOperationException($"Tensor {tensor.Name} was accepted with {tensor.Elements} elements.");
            if (tensor.External is { } place && (place.Offset < 0 || place.Length < 0 || place.Offset > header.ExternalFiles[place.Location] - place.Length))
                throw new InvalidOperationException($"Tensor {tensor.Name} was accepted at {place}.");
        }
    }

    // The data file of the second export stays in the folder.
    private byte[] Exported(ExternalData data)
    {
        string source = Path.Combine(_folder, $"{data}.gguf"), target = Path.Combine(_folder, $"{data}");
        new RandomCheckpoint(new TransformerShape { Layers = 1, Width = 32, Heads = 2, KvHeads = 1, Ffn = 32, Vocabulary = 260, Context = 4, TiedEmbeddings = true }, 1).Write(source, 1);
        using GgufFile file = GgufFile.Open(source);
        OnnxExporter.Export(file, target, new OnnxExportOptions { ExternalData = data });
        string weights = Path.Combine(target, $"{OnnxExporter.ModelFile}.data");
        if (File.Exists(weights)) File.Copy(weights, Path.Combine(_folder, Path.GetFileName(weights)));
        return File.ReadAllBytes(Path.Combine(target, OnnxExporter.ModelFile));
    }
}
