using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using EdgeBench.Core.IO;
using EdgeBench.Core.Problems;
using EdgeBench.Engine.Training.Graphs;
using EdgeBench.Engine.Training.Optimisers;

namespace EdgeBench.Engine.Training;

/// <summary>
/// Everything that training goes on from, in one file: parameters that are trained, moments, step and place in the data. Layout: <c>EDGEBTRN</c>, version and length of
/// the header (int32), header (JSON), values (float32, little-endian) in the header's order, SHA-256 of all before it.
/// </summary>
public static class TrainingCheckpoint
{
    private const int Version = 1, MostHeaderBytes = 64 << 20, PrefixBytes = 16;

    private static ReadOnlySpan<byte> Magic => "EDGEBTRN"u8;

    /// <summary>Replaces the file atomically.</summary>
    /// <param name="recipe">What this training is, in words or as a hash: whoever resumes gives the same.</param>
    /// <param name="state">What the caller wants back when it resumes.</param>
    public static void Save(string path, Trainer trainer, string recipe, DataOrder? order, string? state = null)
    {
        ArgumentNullException.ThrowIfNull(trainer);
        CheckpointHeader header = CheckpointHeader.Of(trainer, recipe, order?.Taken ?? 0) with { State = state };
        byte[] json = JsonSerializer.SerializeToUtf8Bytes(header);
        AtomicFile.Write(path, stream =>
        {
            using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            Span<byte> prefix = stackalloc byte[PrefixBytes];
            Magic.CopyTo(prefix);
            BinaryPrimitives.WriteInt32LittleEndian(prefix[8..], Version);
            BinaryPrimitives.WriteInt32LittleEndian(prefix[12..], json.Length);
            Append(prefix);
            Append(json);
            foreach (Parameter parameter in trainer.Trained) Append(MemoryMarshal.AsBytes(parameter.Values));
            foreach (OptimiserState state in trainer.Optimiser.State) Append(MemoryMarshal.AsBytes(state.Values));
            stream.Write(hash.GetHashAndReset());

            void Append(ReadOnlySpan<byte> bytes)
            {
                hash.AppendData(bytes);
                stream.Write(bytes);
            }
        });
    }

    /// <summary>
    /// Puts a trainer, and its data, where the file was written. Throws <see cref="EdgeBenchException"/> (bad input) for a file that is none, damaged, of another
    /// version, or of another recipe; then nothing has changed. Returns the state that was saved with it.
    /// </summary>
    public static string? Resume(string path, Trainer trainer, string recipe, DataOrder? order)
    {
        ArgumentNullException.ThrowIfNull(trainer);
        byte[] file = File.ReadAllBytes(path);
        CheckpointHeader header = Read(path, file, out int start);
        header.CheckAgainst(CheckpointHeader.Of(trainer, recipe, 0), path);
        long floats = header.Tensors.Sum(tensor => tensor.Count);
        if (file.Length != start + (floats * sizeof(float)) + SHA256.HashSizeInBytes) throw Refuse(path, $"{file.Length} bytes", $"{start + (floats * sizeof(float)) + SHA256.HashSizeInBytes}, as its header says");
        ReadOnlySpan<byte> values = file.AsSpan(start);
        foreach (Parameter parameter in trainer.Trained) values = Take(values, parameter.Values);
        foreach (OptimiserState state in trainer.Optimiser.State) values = Take(values, state.Values);
        trainer.Steps = header.Step;
        if (order is not null) order.Taken = header.Taken;
        return header.State;
    }

    private static CheckpointHeader Read(string path, byte[] file, out int start)
    {
        if (file.Length < PrefixBytes + SHA256.HashSizeInBytes || !file.AsSpan(0, 8).SequenceEqual(Magic)) throw Refuse(path, "no training checkpoint", "a file that EdgeBench's training wrote");
        int version = BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(8)), length = BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(12));
        if (version != Version) throw Refuse(path, $"version {version} of checkpoints", $"version {Version}");
        Span<byte> content = file.AsSpan(0, file.Length - SHA256.HashSizeInBytes);
        if (length is < 2 or > MostHeaderBytes || length > content.Length - PrefixBytes || !SHA256.HashData(content).AsSpan().SequenceEqual(file.AsSpan(content.Length)))
            throw Refuse(path, "a damaged checkpoint: its checksum does not fit", "the whole file");
        start = PrefixBytes + length;
        try
        {
            return JsonSerializer.Deserialize<CheckpointHeader>(file.AsSpan(PrefixBytes, length)) ?? throw new JsonException();
        }
        catch (JsonException)
        {
            throw Refuse(path, "a checkpoint whose header is not readable", "the file as it was written");
        }
    }

    private static ReadOnlySpan<byte> Take(ReadOnlySpan<byte> values, Span<float> target)
    {
        Span<byte> bytes = MemoryMarshal.AsBytes(target);
        values[..bytes.Length].CopyTo(bytes);
        return values[bytes.Length..];
    }

    private static EdgeBenchException Refuse(string path, string offender, string expected) =>
        EdgeBenchException.BadInput(offender, expected, "Give another checkpoint, or start anew without one.", path);
}
