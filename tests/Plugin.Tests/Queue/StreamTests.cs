using Plugin.ApiWebhooks.Queue.Engines;
using System.Data.Common;
using Plugin.ApiWebhooks.Queue;
using Xunit.Sdk;

namespace Plugin.Tests.Queue;

public sealed class StreamTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("webhooks-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_stream_has_one_open_delivery_by_the_tables_own_rule()
    {
        await using var database = TestDatabase.Open(Path.Combine(_folder, "webhooks.db"));
        var queue = await DeliveryQueue.OpenAsync(database, new FakeClock());
        await queue.StartReaderAsync(0);
        var id = (await queue.AddSubscriptionAsync(new Subscription
        {
            Id = 0,
            Key = "one",
            Label = "one",
            State = SubscriptionState.Active,
            StartsAfter = 0,
            CreatedAt = default,
            Order = DeliveryOrder.Strict,
        })).Id;
        await queue.IngestAsync(new IngestBatch(0, 3, [.. Enumerable.Range(1, 3).Select(sequence => new NewMessage
        {
            ChangeSequence = sequence,
            ChangeId = Guid.NewGuid(),
            Kind = "record.inserted",
            OccurredAt = default,
            ContentType = "application/json",
            Body = "{}"u8.ToArray(),
            Deliveries = [new NewDelivery(id, DeliveryState.Pending)],
        })]));
        Assert.Equal(1, Assert.Single((await queue.ClaimAsync(id, 10, long.MaxValue)).Deliveries).ChangeSequence);
        await Assert.ThrowsAnyAsync<DbException>(() =>
            database.WriteAsync(c => c.Prepared("UPDATE delivery SET due_at = 1 WHERE change_sequence = 2").ExecuteNonQuery()));
    }

    [Fact]
    public async Task A_stream_is_found_by_its_indexes_however_much_is_blocked()
    {
        await using var database = TestDatabase.Open(Path.Combine(_folder, "plan.db"));
        await TestDatabase.FillAsync(database);
        foreach (var (sql, index) in Streams.Lookups.Where(each => !TestDatabase.IsOnPostgres || each.Index != "subscription_ordered"))
        {
            var plan = database.Read(c => TestDatabase.PlanOf(c, sql));
            Assert.Contains(index, TestDatabase.IndexesIn(plan));
            Assert.False(TestDatabase.WalksThroughDeliveries(plan), string.Join('\n', plan));
            Assert.DoesNotContain(plan, line => line.Contains("TEMP B-TREE", StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData(DeliveryOrder.Record, false)]
    [InlineData(DeliveryOrder.Strict, false)]
    [InlineData(DeliveryOrder.None, true)]
    internal async Task Whatever_happens_a_stream_is_in_order_and_never_stands_still(DeliveryOrder order, bool mayReorder)
    {
        for (var seed = 0; seed < 10; seed++)
        {
            var path = Path.Combine(_folder, $"{order}{seed}.db");
            await using var model = new StreamModel(TestDatabase.Open(path), new FakeClock(), new Random(seed));
            try
            {
                await model.StartAsync(order);
                for (var i = 0; i < 120; i++)
                    await model.StepAsync(mayReorder);
                await model.DrainAsync();
            }
            catch (Exception exception)
            {
                throw new XunitException($"Seed {seed}, {order}: {exception.Message}\n{string.Join('\n', model.Done)}\n{exception.StackTrace}");
            }
        }
    }
}
