// Azurite keeps tables in LokiJS but hardly uses its indexes: a query reads every row of the table, a single row is searched among all
// rows with the same row key, and all tables are saved every five seconds, however long that takes. With thousands of batches this takes
// most of its time (decision 20). The responses stay the same.
"use strict";

// Conditions joined by "and" only, so that no row outside the partition can match.
const conditionsInOnePartition = /^PartitionKey eq '((?:[^']|'')*)'(?: and \w+ (?:eq|ne|gt|ge|lt|le) '(?:[^']|'')*')*$/;

// Saving blocks everything else, so it gets at most a twentieth of the time.
const pauseAfterSaving = 20;
const saveAgainAt = new WeakMap();

module.exports = function useIndexes(azurite) {
  const load = (name) => require(require.resolve(name, { paths: [azurite] }));
  const Loki = load("lokijs");
  const Queries = load("azurite/dist/src/table/persistence/LokiTableStoreQueryGenerator").default;

  const generate = Queries.generateQueryForPersistenceLayer;
  Queries.generateQueryForPersistenceLayer = function (options) {
    const matches = generate.apply(this, arguments);
    matches.partition = conditionsInOnePartition.exec(options.filter)?.[1].replaceAll("''", "'");
    return matches;
  };

  const where = Loki.Resultset.prototype.where;
  Loki.Resultset.prototype.where = function (matches) {
    const rows = matches.partition === undefined || this.filterInitialized ? this : this.find({ PartitionKey: matches.partition });
    return where.call(rows, matches);
  };

  const findOne = Loki.Collection.prototype.findOne;
  Loki.Collection.prototype.findOne = function (query) {
    const { PartitionKey, RowKey, ...rest } = query ?? {};
    if (PartitionKey === undefined || RowKey === undefined) return findOne.call(this, query);
    // LokiJS uses the index of the first condition.
    return findOne.call(this, count(this, { PartitionKey }) < count(this, { RowKey }) ? { PartitionKey, RowKey, ...rest } : { RowKey, PartitionKey, ...rest });
  };

  const save = Loki.prototype.saveDatabaseInternal;
  Loki.prototype.saveDatabaseInternal = function () {
    const started = performance.now();
    save.apply(this, arguments);
    saveAgainAt.set(this, performance.now() + pauseAfterSaving * (performance.now() - started));
  };
  Loki.prototype.autosaveEnable = function (options, callback) {
    this.autosave = true;
    this.autosaveHandle = setInterval(() => {
      if (this.autosaveDirty() && performance.now() >= (saveAgainAt.get(this) ?? 0)) this.saveDatabase(callback);
    }, this.autosaveInterval);
  };
};

function count(rows, condition) {
  const [[column, value]] = Object.entries(condition);
  const [first, last] = rows.calculateRange("$eq", column, value);
  return last - first + 1;
}
