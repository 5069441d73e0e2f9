using CsCheck;
using EdgeBench.Core.Problems;
using EdgeBench.Models.Gguf;
using EdgeBench.Models.Imatrix;
using EdgeBench.Testing;

namespace EdgeBench.Models.Tests.Imatrix;

public class ImportanceFileTests
{
    private static readonly Gen<ImportanceEntry> s_entry =
        from experts in Gen.Int[1, 3]
        from columns in Gen.Int[1, 70]
        from counts in Gen.Int[0, 4].Select(n => n * 512f).Array[experts]
        from sums in Gen.Float[0f, 1e6f].Array[experts * columns]
        select new ImportanceEntry(sums, counts);

    private static readonly Gen<ImportanceMatrix> s_matrix =
        from entries in s_entry.Array[1, 5]
        from chunks in Gen.Int[0, 200]
        select new ImportanceMatrix
        {
            Entries = entries.Select((entry, i) => ($"blk.{i}.ffn_up.weight", entry)).ToDictionary(pair => pair.Item1, pair => pair.entry),
            Datasets = ["calibration ü.txt"],
            ChunkCount = chunks,
            ChunkSize = 512,
        };

    [Fact]
    public void What_is_written_as_GGUF_comes_back()
    {
        using TemporaryFolder folder = new();
        s_matrix.Sample(matrix =>
        {
            string path = folder.File($"{Guid.NewGuid():N}.gguf");
            ImportanceFile.Write(path, matrix);
            ImportanceMatrix back = ImportanceFile.Read(path);
            Assert.Equal(matrix.Entries.Keys.Order(), back.Entries.Keys.Order());
            Assert.All(matrix.Entries, entry =>
            {
                Assert.Equal(entry.Value.Sums, back.Entries[entry.Key].Sums);
                Assert.Equal(entry.Value.Counts, back.Entries[entry.Key].Counts);
            });
            Assert.Equal((matrix.ChunkCount, matrix.ChunkSize), (back.ChunkCount, back.ChunkSize));
            Assert.Equal(matrix.Datasets, back.Datasets);
        }, iter: 15);
    }

    [Fact]
    public void The_older_form_keeps_the_mean_squares()
    {
        using TemporaryFolder folder = new();
        s_matrix.Sample(matrix =>
        {
            string path = folder.File($"{Guid.NewGuid():N}.dat");
            LegacyImportanceFile.Write(path, matrix);
            ImportanceMatrix back = ImportanceFile.Read(path);
            Assert.Equal(matrix.ChunkCount, back.ChunkCount);
            Assert.Equal(matrix.Datasets, back.Datasets);
            // Where no expert read anything there is no number of sequences to multiply by.
            Assert.All(matrix.Entries.Where(entry => entry.Value.Counts.Any(count => count > 0)), entry =>
            {
                float[] expected = entry.Value.MeanSquares(), found = back.Entries[entry.Key].MeanSquares();
                Assert.All(expected.Zip(found), pair => Assert.Equal(pair.First, pair.Second, pair.First * 1e-6f));
            });
        }, iter: 15);
    }

    [Fact]
    public void The_older_form_is_laid_out_as_llama_cpp_reads_it()
    {
        using TemporaryFolder folder = new();
        LegacyImportanceFile.Write(folder.File("a.dat"), new ImportanceMatrix
        {
            Entries = new Dictionary<string, ImportanceEntry> { ["w"] = new([1024f, 2048f], [1024f]) },
            Datasets = ["t"],
            ChunkCount = 2,
            ChunkSize = 512,
        });
        byte[] expected = [1, 0, 0, 0, 1, 0, 0, 0, (byte)'w', 2, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0x40, 0, 0, 0x80, 0x40, 2, 0, 0, 0, 1, 0, 0, 0, (byte)'t'];
        Assert.Equal(expected, File.ReadAllBytes(folder.File("a.dat")));
    }

    [Fact]
    public void An_expert_that_read_nothing_counts_every_column_the_same() =>
        Assert.Equal([2f, 3f, 1f, 1f], new ImportanceEntry([4f, 6f, 9f, 9f], [2f, 0f]).MeanSquares());

    [Fact]
    public void A_file_cut_anywhere_is_refused_or_lacks_only_its_end()
    {
        using TemporaryFolder folder = new();
        ImportanceMatrix matrix = new() { Entries = new Dictionary<string, ImportanceEntry> { ["a"] = new([1, 2, 3], [512]), ["b"] = new([4], [512]) }, ChunkCount = 1, ChunkSize = 512, Datasets = ["t"] };
        foreach ((string name, Action<string, ImportanceMatrix> write) in new (string, Action<string, ImportanceMatrix>)[] { ("a.gguf", ImportanceFile.Write), ("a.dat", LegacyImportanceFile.Write) })
        {
            write(folder.File(name), matrix);
            byte[] whole = File.ReadAllBytes(folder.File(name));
            for (int length = 0; length < whole.Length; length++)
            {
                File.WriteAllBytes(folder.File("cut"), whole[..length]);
                try
                {
                    Assert.Equal(2, ImportanceFile.Read(folder.File("cut")).Entries.Count);
                }
                catch (EdgeBenchException problem)
                {
                    Assert.Equal(ExitCode.BadInput, problem.ExitCode);
                }
            }
        }
    }

    [Fact]
    public void Any_bytes_are_refused_or_read_and_never_crash()
    {
        using TemporaryFolder folder = new();
        LegacyImportanceFile.Write(folder.File("a.dat"), new ImportanceMatrix { Entries = new Dictionary<string, ImportanceEntry> { ["a"] = new([1, 2, 3], [512]) }, ChunkSize = 512 });
        byte[] seed = File.ReadAllBytes(folder.File("a.dat"));
        Gen.Select(Gen.Int[0, seed.Length - 1], Gen.Byte, Gen.Int[0, seed.Length - 1], Gen.Byte).Sample((i, x, j, y) =>
        {
            byte[] changed = [.. seed];
            (changed[i], changed[j]) = (x, y);
            string path = folder.File("changed");
            File.WriteAllBytes(path, changed);
            try
            {
                ImportanceFile.Read(path);
            }
            catch (EdgeBenchException problem)
            {
                Assert.Equal(ExitCode.BadInput, problem.ExitCode);
            }
        }, iter: 1000, threads: 1);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(-1f)]
    [InlineData(float.PositiveInfinity)]
    public void A_sum_that_is_no_sum_of_squares_is_refused_by_its_name(float bad)
    {
        using TemporaryFolder folder = new();
        ImportanceFile.Write(folder.File("a.gguf"), new ImportanceMatrix { Entries = new Dictionary<string, ImportanceEntry> { ["blk.0.x.weight"] = new([1, bad], [512]) } });
        Assert.Contains("blk.0.x.weight", Assert.Throws<EdgeBenchException>(() => ImportanceFile.Read(folder.File("a.gguf"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_is_no_importance_matrix()
    {
        using TemporaryFolder folder = new();
        GgufWriter.Write(folder.File("model.gguf"), [], [new("w", GgmlType.F32, [1], output => output.Write(new byte[4]))]);
        Assert.Contains("models imatrix", Assert.Throws<EdgeBenchException>(() => ImportanceFile.Read(folder.File("model.gguf"))).Message, StringComparison.Ordinal);
    }
}
