using EdgeBench.Engine.Training;
using EdgeBench.Training.Data;

namespace EdgeBench.Training.Tests.Data;

public class BatchStreamTests
{
    private static Example[] Examples(int count)
    {
        Random random = new(3);
        return [.. Enumerable.Range(0, count).Select(i => new Example([.. Enumerable.Range(0, random.Next(2, 40)).Select(_ => random.Next(1, 100)).Append(1000 + i)], 1, "g", Answers: true))];
    }

    // Targets from 1000 on number the examples.
    private static IEnumerable<int> Numbers(Batch batch) => batch.Targets.Where(target => target >= 1000);

    [Fact]
    public void Batches_hold_no_more_tokens_than_asked_and_pad_less_than_a_step_a_row()
    {
        BatchStream stream = new(Examples(200), 128, 1);
        for (int i = 0; i < 100; i++)
        {
            Batch batch = stream.Next();
            Assert.InRange(batch.Sequences * batch.Length, 1, 128);
            for (int row = 0; row < batch.Sequences; row++)
            {
                int last = Array.FindLastIndex(batch.Targets, ((row + 1) * batch.Length) - 1, batch.Length, target => target != Batch.Ignored);
                Assert.InRange(((row + 1) * batch.Length) - 1 - last, 0, BatchMaker.Step - 1);
            }
        }
    }

    [Fact]
    public void Every_example_comes_about_once_an_epoch()
    {
        BatchStream stream = new(Examples(300), 256, 7);
        Dictionary<int, int> seen = [];
        while (stream.Order.Taken < 10 * 300)
        {
            foreach (int number in Numbers(stream.Next())) seen[number] = seen.GetValueOrDefault(number) + 1;
        }
        Assert.Equal(300, seen.Count);
        // Those that wait for others of their length may wait over the end of an epoch.
        Assert.All(seen.Values, count => Assert.InRange(count, 8, 11));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(17)]
    [InlineData(150)]
    public void After_skipping_it_stands_where_it_was(int batches)
    {
        BatchStream whole = new(Examples(90), 100, 5), resumed = new(Examples(90), 100, 5);
        for (int i = 0; i < batches; i++) whole.Next();
        resumed.Skip(batches);
        for (int i = 0; i < 20; i++)
        {
            Batch left = whole.Next(), right = resumed.Next();
            Assert.Equal(left.Length, right.Length);
            Assert.Equal(left.Tokens, right.Tokens);
            Assert.Equal(left.Targets, right.Targets);
        }
        Assert.Equal(whole.Order.Taken, resumed.Order.Taken);
    }

    [Fact]
    public void A_longer_example_than_a_batch_has_one_of_its_own()
    {
        Example wide = new([.. Enumerable.Range(1, 100)], 1, "g", Answers: false);
        Batch batch = new BatchStream([wide], 16, 1).Next();
        Assert.Equal(1, batch.Sequences);
        Assert.Equal(BatchMaker.Rounded(99), batch.Length);
        Assert.Equal(99, batch.Counted);
    }

    [Fact]
    public void What_is_given_and_padding_are_no_targets()
    {
        Batch batch = BatchMaker.Of([new([5, 6, 7, 8, 9], 3, "g", Answers: true)], 2, 8);
        const int No = Batch.Ignored;
        Assert.Equal([5, 6, 7, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], batch.Tokens);
        Assert.Equal([No, No, 8, 9, No, No, No, No, No, No, No, No, No, No, No, No], batch.Targets);
    }
}
