using EdgeBench.Core.Problems;
using EdgeBench.Engine.Training;
using EdgeBench.Engine.Training.Graphs;
using EdgeBench.Engine.Training.Models;
using EdgeBench.Engine.Training.Operations;
using EdgeBench.Engine.Training.Optimisers;

namespace EdgeBench.Engine.Tests.Training;

/// <summary>Distillation: its loss and gradients by the paper's formula in double, and what it becomes at its ends.</summary>
public unsafe class DistillationTests
{
    private static readonly DecoderShape s_shape = DecoderShapes.Tiny, s_larger = s_shape with { Width = 48, Heads = 6, Layers = 3, Tied = false };

    // The last vocabulary is so large that logits are made in two chunks; few of its rows count, so that the formula takes no time.
    [Theory]
    [InlineData(10, 13, 0.3, 1, 0.5f)]
    [InlineData(10, 13, 0.7, 2.5, 0.5f)]
    [InlineData(10, 13, 1, 4, 1.5f)]
    [InlineData(129, 33_000, 0.5, 2, 0.5f)]
    public void Loss_and_gradient_are_the_papers(int rows, int classes, double alpha, double temperature, float spread)
    {
        using Parameter x = Random("x", rows, 4, 1, spread, true), w = Random("w", classes, 4, 2, 1, true), h = Random("h", rows, 3, 3, spread, false), head = Random("head", classes, 3, 4, 1, false);
        int[] targets = [.. Enumerable.Range(0, rows).Select(row => (rows > 100 ? row % 16 != 1 : row % 5 == 2) ? Batch.Ignored : (row * 7919) % classes)];
        Graph graph = new();
        new OutputHead(x, w).AddLoss(graph, new(new(h, head), (float)alpha, (float)temperature));
        using RunningGraph running = new(graph, new Batch(1, rows, new int[rows], targets));
        double loss = running.Run(), expected = 0;
        double[] dx = new double[rows * 4];
        for (int row = 0; row < rows; row++)
        {
            if (targets[row] == Batch.Ignored) continue;
            double[] z = Logits(x, w, row), t = Logits(h, head, row), p = Softmax(z, 1), student = Softmax(z, temperature), teacher = Softmax(t, temperature);
            expected -= (1 - alpha) * Math.Log(p[targets[row]]);
            for (int i = 0; i < classes; i++)
            {
                expected += alpha * temperature * temperature * teacher[i] * Math.Log(teacher[i] / student[i]);
                double slope = ((1 - alpha) * (p[i] - (i == targets[row] ? 1 : 0))) + (alpha * temperature * (student[i] - teacher[i]));
                for (int j = 0; j < 4; j++) dx[(row * 4) + j] += slope * w.Values[(i * 4) + j];
            }
        }
        Assert.Equal(expected, loss, 1e-5 * expected);
        Near.Absolute([.. dx.Select(value => (float)value)], x.Gradients, 2e-6 * dx.Max(Math.Abs));
    }

    [Fact]
    public void Without_the_teachers_share_it_is_plain_training()
    {
        using TrainableDecoder student = Student(), teacher = Teacher();
        Near.Absolute(Gradients(student, out double plain), Gradients(new DistilledModel(student, teacher, new(0, 3)), out double distilled), 1e-6);
        Assert.Equal(plain, distilled, 1e-6);
    }

    [Fact]
    public void A_teacher_that_is_the_student_teaches_nothing()
    {
        using TrainableDecoder student = Student(), same = new(s_shape, DecoderShapes.Random(s_shape, 5), new() { Frozen = true });
        float[] gradients = Gradients(new DistilledModel(student, same, new(1, 3)), out double loss);
        Assert.All(gradients, value => Assert.Equal(0, value));
        Assert.Equal(0, loss);
    }

    [Fact]
    public void A_student_comes_near_its_teacher_and_evaluation_is_its_own_cross_entropy()
    {
        using TrainableDecoder student = Student(), teacher = Teacher(), alike = Teacher(frozen: false);
        DistilledModel model = new(student, teacher, new(1, 2));
        using Trainer trainer = new(model, new AdamW(), WarmUpSchedule.Constant(1e-2), new());
        using Trainer plain = new(student, new AdamW(), WarmUpSchedule.Constant(1e-2), new()), teachers = new(alike, new AdamW(), WarmUpSchedule.Constant(1e-2), new());
        double first = trainer.Step(Tokens(2, 9)).Loss;
        for (int i = 0; i < 120; i++) trainer.Step(Tokens(2, 9));
        Assert.InRange(trainer.Gradients(Tokens(2, 9)).Loss, 0, first / 20);
        Assert.Equal(plain.Evaluate(Tokens(2, 9)), trainer.Evaluate(Tokens(2, 9)));
        // It never saw a target, and has the teacher's loss.
        Assert.Equal(teachers.Evaluate(Tokens(2, 9)).LossSum, trainer.Evaluate(Tokens(2, 9)).LossSum, 0.1 * teachers.Evaluate(Tokens(2, 9)).LossSum);
    }

    [Fact]
    public void The_teacher_runs_once_a_step_and_in_no_evaluation()
    {
        using TrainableDecoder student = Student(), teacher = Teacher();
        Graph graph = new DistilledModel(student, teacher, new()).Build(2, 9), alone = teacher.Build(2, 9);
        Assert.Equal(alone.Operations.Count - 1, graph.TrainingOnly);
        IOperation[] operations = [.. graph.Operations.Take(graph.TrainingOnly)];
        Assert.Equal(operations, ScheduledCall.Of(graph, recomputes: true).Select(call => call.Operation).Where(operations.Contains));
        using Trainer trainer = new(new DistilledModel(student, teacher, new()), new AdamW(), WarmUpSchedule.Constant(1e-2), new());
        float[] first = teacher.Parameters[0].ToArray();
        double before = trainer.Evaluate(Tokens(2, 9)).LossSum;
        teacher.Parameters[0].Values.Fill(float.NaN);
        Assert.Equal(before, trainer.Evaluate(Tokens(2, 9)).LossSum);
        Assert.Contains("embed_tokens", Assert.Throws<TrainingDivergedException>(() => trainer.Step(Tokens(2, 9))).Message);
        first.CopyTo(teacher.Parameters[0].Values);
        trainer.Step(Tokens(2, 9));
        Assert.Equal(first, teacher.Parameters[0].ToArray());
    }

    [Fact]
    public void Teachers_and_options_that_do_not_fit_are_refused()
    {
        using TrainableDecoder student = Student(), teacher = Teacher(), trained = Teacher(frozen: false), other = new(s_shape with { Vocabulary = 60 }, DecoderShapes.Random(s_shape with { Vocabulary = 60 }, 1), new() { Frozen = true });
        Refused("Frozen", () => new DistilledModel(student, trained, new()));
        Refused("60 classes", () => new DistilledModel(student, other, new()));
        Refused("alpha of 1.5", () => new DistilledModel(student, teacher, new(1.5)));
        Refused("temperature of 0", () => new DistilledModel(student, teacher, new(0.5, 0)));
    }

    private static void Refused(string part, Action action) => Assert.Contains(part, Assert.Throws<EdgeBenchException>(action).Message);

    private static TrainableDecoder Student() => new(s_shape, DecoderShapes.Random(s_shape, 5));

    private static TrainableDecoder Teacher(bool frozen = true) => new(s_larger, DecoderShapes.Random(s_larger, 8), new() { Frozen = frozen });

    private static float[] Gradients(ITrainable model, out double loss)
    {
        using Trainer trainer = new(model, new AdamW(), WarmUpSchedule.Constant(1e-2), new());
        loss = trainer.Gradients(Tokens(2, 9)).Loss;
        return [.. trainer.Trained.SelectMany(parameter => parameter.Gradients.ToArray())];
    }

    private static Batch Tokens(int sequences, int length)
    {
        Random random = new(3);
        int[] Numbers() => [.. Enumerable.Range(0, sequences * length).Select(_ => random.Next(64))];
        return new(sequences, length, Numbers(), Numbers());
    }

    private static Parameter Random(string name, int rows, int columns, ulong seed, float deviation, bool trainable) =>
        new(name, [rows, columns], new NormalNumbers(seed).Take(rows * columns, deviation), trainable);

    private static double[] Logits(Parameter x, Parameter w, int row)
    {
        int width = w.Columns;
        float[] values = x.Values.Slice(row * width, width).ToArray(), weight = w.ToArray();
        return [.. Enumerable.Range(0, w.Rows).Select(i => Enumerable.Range(0, width).Sum(j => (double)values[j] * weight[(i * width) + j]))];
    }

    private static double[] Softmax(double[] logits, double temperature)
    {
        double largest = logits.Max(), sum = logits.Sum(value => Math.Exp((value - largest) / temperature));
        return [.. logits.Select(value => Math.Exp((value - largest) / temperature) / sum)];
    }
}
