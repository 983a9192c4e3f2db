{{ config(materialized='view') }}

with

figures as (

    select * from {{ ref('int_kept_figure') }}

    union all

    select * from {{ ref('int_rate_figure') }}

)

select * from figures
