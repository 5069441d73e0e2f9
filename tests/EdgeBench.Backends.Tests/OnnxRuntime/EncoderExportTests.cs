using System.Runtime.InteropServices;
using EdgeBench.Models.Folders;
using EdgeBench.Models.Gguf;
using EdgeBench.Models.Onnx.Export;
using EdgeBench.Models.Safetensors;
using EdgeBench.Testing;
using Microsoft.ML.OnnxRuntime;

namespace EdgeBench.Backends.Tests.OnnxRuntime;

/// <summary>Encoders against PyTorch's values.</summary>
public class EncoderExportTests
{
    private static readonly (string Theirs, string Ours)[] s_names =
    [
        ("embeddings.word_embeddings", "token_embd"), ("embeddings.position_embeddings", "position_embd"), ("embeddings.token_type_embeddings", "token_types"),
        ("embeddings.LayerNorm", "token_embd_norm"), ("encoder.layer", "blk"), ("attention.self.query", "attn_q"), ("attention.self.key", "attn_k"),
        ("attention.self.value", "attn_v"), ("attention.output.dense", "attn_output"), ("attention.output.LayerNorm", "attn_output_norm"),
        ("intermediate.dense", "ffn_up"), ("output.LayerNorm", "layer_output_norm"), ("output.dense", "ffn_down"),
    ];

    [Fact]
    public void A_BERT_encoder_gives_PyTorchs_hidden_states_and_their_mean()
    {
        using SafetensorsFile golden = SafetensorsFile.Open(RepositoryFiles.Shared("golden/bert-tiny.safetensors"));
        using TemporaryFolder folder = new();
        const string Prefix = "param.bert.";
        GgufTensorSource[] tensors =
        [
            .. golden.Tensors.Where(tensor => tensor.Name.StartsWith(Prefix, StringComparison.Ordinal) && !tensor.Name.Contains("pooler", StringComparison.Ordinal))
                .Select(tensor => new GgufTensorSource(s_names.Aggregate(tensor.Name[Prefix.Length..], (name, pair) => name.Replace(pair.Theirs, pair.Ours, StringComparison.Ordinal)),
                    GgmlType.F32, [.. tensor.Shape.Reverse()], stream => stream.Write(golden.Data(tensor, 0, (int)tensor.Bytes)))),
        ];
        GgufWriter.Write(folder.File("bert.gguf"), Metadata(), tensors);
        OnnxFixture.Export(folder.File("bert.gguf"), folder.File("onnx"));

        long[] mask = Values<long>(golden, "input.attention_mask");
        (float[] hidden, float[] pooled) = Run(folder.File("onnx"), Values<long>(golden, "input.tokens"), mask, Values<long>(golden, "input.token_type_ids"), 3);
        float[] expected = Values<float>(golden, "act.bert.encoder.layer.1");
        double[] sums = new double[3 * 32];
        for (int token = 0; token < 3 * 12; token++)
        {
            if (mask[token] == 0) continue;
            for (int i = 0; i < 32; i++)
            {
                Assert.Equal(expected[(token * 32) + i], hidden[(token * 32) + i], 2e-5f);
                sums[(token / 12 * 32) + i] += expected[(token * 32) + i];
            }
        }
        for (int i = 0; i < pooled.Length; i++) Assert.Equal(sums[i] / mask.Skip(i / 32 * 12).Take(12).Sum(), pooled[i], 2e-5);
    }

    [Fact]
    public void MiniLM_puts_like_sentences_together_in_f16()
    {
        using TemporaryFolder folder = new();
        OnnxFixture.Export(MiniLm(folder), folder.File("onnx"));
        float[][] rows = Sentences(folder.File("onnx"));
        Assert.InRange(Cosine(rows[0], rows[1]), 0.4, 1);
        Assert.InRange(Cosine(rows[0], rows[2]), -1, 0.25);
    }

    [Fact]
    public void MiniLM_in_int8_says_nearly_the_same()
    {
        using TemporaryFolder folder = new();
        string source = MiniLm(folder);
        OnnxFixture.Export(source, folder.File("onnx"));
        using (GgufFile file = GgufFile.Open(source))
        {
            GgufWriter.Write(folder.File("int8.gguf"), file.Metadata,
            [
                .. file.Tensors.SelectMany(tensor => tensor.Name.StartsWith("blk.", StringComparison.Ordinal) && tensor.Dimensions.Count == 2
                    ? Int8Rows.Of(file, tensor)
                    : [new(tensor.Name, tensor.Type, tensor.Dimensions, stream => stream.Write(file.Data(tensor)))]),
            ]);
        }
        OnnxExportReport report = OnnxFixture.Export(folder.File("int8.gguf"), folder.File("int8"));
        Assert.Equal(36, report.Tensors.Count(tensor => tensor.To.StartsWith("DynamicQuantizeMatMul, int8", StringComparison.Ordinal)));
        foreach ((float[] plain, float[] rounded) in Sentences(folder.File("onnx")).Zip(Sentences(folder.File("int8")))) Assert.InRange(Cosine(plain, rounded), 0.98, 0.99999);
    }

    private static string MiniLm(TemporaryFolder folder)
    {
        using IFolderContent content = FolderContent.Open(RepositoryFiles.Shared("models/all-minilm-l6-v2"), new ImportOptions());
        GgufWriter.Write(folder.File("minilm.gguf"), content.Metadata, content.Tensors);
        return folder.File("minilm.gguf");
    }

    // Embeddings of three sentences, the first two alike.
    private static float[][] Sentences(string folder)
    {
        // Word pieces of "a cat sat there .", "the kitten sits here ." and "prices fell again today ." by vocab.txt.
        string[] words = File.ReadAllLines(RepositoryFiles.Shared("models/all-minilm-l6-v2/vocab.txt"));
        string[][] sentences = [["[CLS]", "a", "cat", "sat", "there", ".", "[SEP]"], ["[CLS]", "the", "kitten", "sits", "here", ".", "[SEP]"], ["[CLS]", "prices", "fell", "again", "today", ".", "[SEP]"]];
        long[] tokens = [.. sentences.SelectMany(sentence => sentence).Select(word => (long)Array.IndexOf(words, word))];
        Assert.DoesNotContain(-1L, tokens);
        (_, float[] pooled) = Run(folder, tokens, [.. tokens.Select(_ => 1L)], new long[tokens.Length], 3);
        return [.. pooled.Chunk(384)];
    }

    private static double Cosine(float[] a, float[] b) =>
        a.Zip(b).Sum(pair => (double)pair.First * pair.Second) / Math.Sqrt(a.Sum(x => (double)x * x) * b.Sum(x => (double)x * x));

    private static (float[] Hidden, float[] Pooled) Run(string folder, long[] tokens, long[] mask, long[] types, long batch)
    {
        using InferenceSession session = new(OnnxFixture.Artifact(folder).Path);
        long[] shape = [batch, tokens.Length / batch];
        using OrtValue ids = OrtValue.CreateTensorValueFromMemory(tokens, shape), keep = OrtValue.CreateTensorValueFromMemory(mask, shape), kinds = OrtValue.CreateTensorValueFromMemory(types, shape);
        using RunOptions options = new();
        using IDisposableReadOnlyCollection<OrtValue> outputs = session.Run(options,
            new Dictionary<string, OrtValue> { ["input_ids"] = ids, ["attention_mask"] = keep, ["token_type_ids"] = kinds }, ["last_hidden_state", "sentence_embedding"]);
        return (outputs[0].GetTensorDataAsSpan<float>().ToArray(), outputs[1].GetTensorDataAsSpan<float>().ToArray());
    }

    private static T[] Values<T>(SafetensorsFile file, string name)
        where T : unmanaged
    {
        SafetensorsTensor tensor = file.Find(name)!;
        return MemoryMarshal.Cast<byte, T>(file.Data(tensor, 0, (int)tensor.Bytes)).ToArray();
    }

    private static KeyValuePair<string, GgufValue>[] Metadata() =>
    [
        new("general.architecture", GgufValue.From("bert")), new("bert.block_count", GgufValue.From(2u)), new("bert.context_length", GgufValue.From(16u)),
        new("bert.embedding_length", GgufValue.From(32u)), new("bert.feed_forward_length", GgufValue.From(64u)), new("bert.attention.head_count", GgufValue.From(4u)),
        new("bert.attention.layer_norm_epsilon", GgufValue.From(1e-12f)), new("bert.pooling_type", GgufValue.From(1u)),
    ];
}
