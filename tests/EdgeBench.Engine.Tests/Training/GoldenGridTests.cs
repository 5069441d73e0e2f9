using System.Runtime.InteropServices;
using EdgeBench.Engine.Inference.Memory;
using EdgeBench.Engine.Tests.Golden;
using EdgeBench.Engine.Training;
using EdgeBench.Engine.Training.Graphs;
using EdgeBench.Engine.Training.Operations;
using EdgeBench.Kernels.Quantisation;
using EdgeBench.Testing;

namespace EdgeBench.Engine.Tests.Training;

/// <summary>Fake quantisation of a linear layer against PyTorch: levels, scales and weights exactly, the rest within golden/README.md's tolerances.</summary>
public unsafe class GoldenGridTests
{
    private const int Rows = 8, Inputs = 64, Outputs = 32;

    public static TheoryData<string> Grids => [.. WeightGrid.All.Select(grid => grid.Name)];

    [Theory]
    [MemberData(nameof(Grids))]
    public void Levels_scales_and_weights_are_exact(string name)
    {
        GoldenFile file = new(RepositoryFiles.Shared("golden/qat.safetensors"));
        WeightGrid grid = WeightGrid.All.Single(one => one.Name == name);
        float[] weight = file.Floats("param.weight"), scale = file.Floats($"{name}.scale"), values = new float[Inputs];
        sbyte[] expected = MemoryMarshal.Cast<byte, sbyte>(file.Raw($"{name}.q")).ToArray(), levels = new sbyte[Inputs];
        int groups = scale.Length / Outputs;
        for (int row = 0; row < Outputs; row++)
        {
            float[] scales = new float[groups];
            grid.Quantise(weight.AsSpan(row * Inputs, Inputs), levels, scales);
            Assert.Equal(expected[(row * Inputs)..((row + 1) * Inputs)], levels);
            Assert.Equal(scale[(row * groups)..((row + 1) * groups)], scales);
            grid.Dequantised(weight.AsSpan(row * Inputs, Inputs), values);
            Assert.Equal(file.Floats($"{name}.weight")[(row * Inputs)..((row + 1) * Inputs)], values);
        }
    }

    [Theory]
    [MemberData(nameof(Grids))]
    public void Output_loss_and_straight_through_gradients_are_PyTorchs(string name)
    {
        GoldenFile file = new(RepositoryFiles.Shared("golden/qat.safetensors"));
        using Parameter weight = new("weight", [Outputs, Inputs], file.Floats("param.weight"), trainable: true);
        using Parameter x = new("x", [Rows, Inputs], file.Floats("input.x"), trainable: true), target = new("target", [Rows, Outputs], file.Floats("input.target"), trainable: false);
        Graph graph = new();
        Tensor y = graph.Add(new LinearOperation("y", x, graph.Add(new FakeQuantiseOperation(weight, WeightGrid.All.Single(one => one.Name == name)))));
        graph.Add(new SquaredErrorOperation("loss", y, target));
        Tape tape = new(graph, recomputes: false);
        using NativeBlock memory = new(tape.Bytes);
        tape.Place((nint)memory.Data);
        using StepContext context = new(2, 1) { Training = true, LossFactor = 1f / (Rows * Outputs), Batch = new Batch(1, 1, [], []) };
        tape.Run(context);
        GoldenChecks.Value(file, $"{name}.loss", context.LossSum / (Rows * Outputs));
        GoldenChecks.Tensor(file, $"{name}.output", new ReadOnlySpan<float>(y.Value, Rows * Outputs), floor: 0);
        GoldenChecks.Tensor(file, $"{name}.grad.weight", weight.Gradients, floor: 0);
        GoldenChecks.Tensor(file, $"{name}.grad.x", x.Gradients, floor: 0);
    }
}
